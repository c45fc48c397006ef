/** Exports, verifies, grows trees, and says what a figure is made of: one a process, so that each has its own memory. */
import { exportElection } from '#documents';
import { lineageAnswer, resultsCsv, View } from '#projection';
import { entryOf, leafHash, makeSigningKey, readSigningKey, TiledTree } from '#transparency';
import { verifyExport } from '#verification';
import { answering, type Times, timed, timesOf } from './child.ts';
import { openParts, type Parts } from './embedded.ts';
import { percentile } from './latencies.ts';

export type AuditRequest =
  | { readonly what: 'export'; readonly folder: string; readonly into: string }
  | { readonly what: 'verify'; readonly folder: string }
  | { readonly what: 'trees'; readonly folder: string }
  | { readonly what: 'lineage'; readonly folder: string; readonly level: number };

export interface AuditAnswer {
  readonly times: Times;
  /** Events exported, verified or hashed; sheets of a lineage. */
  readonly count: number;
  /** Reading the log and nothing else, or the lineage's median wait. */
  readonly reading?: Times;
  readonly milliseconds?: number;
}

const BATCH = 2_000;
const REPEATS = 11;

answering(async (request: AuditRequest): Promise<AuditAnswer> => {
  if (request.what === 'verify') return verify(request.folder);
  const parts = await openParts(request.folder);
  try {
    if (request.what === 'export') return await exported(parts, request.into);
    return request.what === 'trees' ? await trees(parts) : await lineage(parts, request.level);
  } finally {
    await parts.close();
  }
});

async function exported({ served, logs, model }: Parts, into: string): Promise<AuditAnswer> {
  const { election, log } = served;
  const definition = await logs.getDefinition(election.definition.id, election.digest);
  const view = await View.open(served, model);
  const results = resultsCsv(view, { unit: election.root, depth: 'all' });
  const wanted = { election, definition: definition!, log, position: view.position, results };
  const key = readSigningKey(makeSigningKey())!;
  const times = await timed(() => exportElection(into, { ...wanted, isComplete: true, withEntries: true, key }));
  const count = view.position.reduce((sum, end) => sum + end, 0);
  view.close();
  return { times: timesOf(times), count };
}

async function verify(folder: string): Promise<AuditAnswer> {
  const times = await timed(() => verifyExport(folder));
  const { faults, events, counted } = times.value;
  if (faults.length > 0 || !counted) throw new Error(`the export is not verified: ${JSON.stringify(faults[0])}`);
  return { times: timesOf(times), count: events };
}

/** What the trees cost a worker: hashing each record, and the tree above it; beside reading alone. */
async function trees({ served: { log } }: Parts): Promise<AuditAnswer> {
  const shards = Array.from({ length: log.shards }, (_, shard) => ({ shard, tree: new TiledTree() }));
  const read = async (take: (shard: (typeof shards)[number], value: Uint8Array) => void): Promise<number> => {
    let events = 0;
    for (const one of shards)
      for (let from = 0; ; ) {
        const records = await log.read(one.shard, from, { maxRecords: BATCH });
        if (records.length === 0) break;
        for (const { value } of records) take(one, value);
        from += records.length;
        events += records.length;
      }
    return events;
  };
  const reading = await timed(() => read(() => undefined));
  const times = await timed(() => read(({ tree }, value) => tree.append(leafHash(entryOf(value)))));
  return { times: timesOf(times), reading: timesOf(reading), count: times.value };
}

/** What one candidate's votes at a unit are made of. */
async function lineage({ served, model }: Parts, level: number): Promise<AuditAnswer> {
  const { election } = served;
  const unit = election.units.find((one) => one.level === level)!;
  const [contest] = election.contestsAt(unit);
  const waits: number[] = [];
  let count = 0;
  const times = await timed(async () => {
    for (let i = 0; i < REPEATS; i += 1) {
      const begun = performance.now();
      const view = await View.open(served, model);
      const key = `votes.${contest!.layout.candidates[0]}`;
      count = (await lineageAnswer(view, unit, contest!, 'provisional', key)).sheets.length;
      view.close();
      waits.push(performance.now() - begun);
    }
  });
  return { times: timesOf(times), count, milliseconds: percentile(waits, 0.5) };
}
