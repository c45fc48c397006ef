/** Exports, verifies, grows trees, and says what a figure is made of: one a process, so that each has its own memory. */
import { exportElection } from '#documents';
import type { Contest, Unit } from '#domain';
import { lineageAnswer, resultsAnswer, resultsCsv, View } from '#projection';
import { entryOf, leafHash, makeSigningKey, readSigningKey, TiledTree } from '#transparency';
import { verifyExport } from '#verification';
import { answering, type Times, timed, timesOf } from './child.ts';
import { openParts, type Parts } from './embedded.ts';
import { percentile } from './latencies.ts';

export type AuditRequest =
  | { readonly what: 'export'; readonly folder: string; readonly into: string }
  | { readonly what: 'verify'; readonly folder: string }
  | { readonly what: 'trees'; readonly folder: string }
  | { readonly what: 'lineage' | 'total'; readonly folder: string; readonly level: number };

export interface AuditAnswer {
  readonly times: Times;
  /** Events exported, verified or hashed; sheets of a lineage or a total. */
  readonly count: number;
  /** Reading the log and nothing else. */
  readonly reading?: Times;
  /** The median wait for a lineage or a total. */
  readonly milliseconds?: number;
}

const BATCH = 2_000;
const REPEATS = 11;

answering(async (request: AuditRequest): Promise<AuditAnswer> => {
  if (request.what === 'verify') return verify(request.folder);
  const parts = await openParts(request.folder);
  try {
    if (request.what === 'export') return await exported(parts, request.into);
    if (request.what === 'trees') return await trees(parts);
    return await (request.what === 'lineage' ? lineage : total)(parts, request.level);
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
function lineage(parts: Parts, level: number): Promise<AuditAnswer> {
  return waited(parts, level, async (unit, contest) => {
    const view = await View.open(parts.served, parts.model);
    const key = `votes.${contest.layout.candidates[0]}`;
    const { sheets } = await lineageAnswer(view, unit, contest, 'provisional', key);
    view.close();
    return sheets.length;
  });
}

/** The totals of one contest at a unit when half of the log was read. */
function total(parts: Parts, level: number): Promise<AuditAnswer> {
  return waited(parts, level, async (unit, contest) => {
    const { log } = parts.served;
    const ends = await Promise.all(Array.from({ length: log.shards }, (_, shard) => log.end(shard)));
    const half = ends.map((end) => Math.floor(end / 2));
    const view = await View.open(parts.served, parts.model, half);
    const { nodes } = await resultsAnswer(view, { unit, contest });
    view.close();
    return nodes[0]!.progress!.counted;
  });
}

/** The median wait for an answer about a unit of a level, in its first contest. */
async function waited(
  { served: { election } }: Parts,
  level: number,
  ask: (unit: Unit, contest: Contest) => Promise<number>,
): Promise<AuditAnswer> {
  const unit = election.units.find((one) => one.level === level)!;
  const [contest] = election.contestsAt(unit);
  const waits: number[] = [];
  let count = 0;
  const times = await timed(async () => {
    for (let i = 0; i < REPEATS; i += 1) {
      const begun = performance.now();
      count = await ask(unit, contest!);
      waits.push(performance.now() - begun);
    }
  });
  return { times: timesOf(times), count, milliseconds: percentile(waits, 50) };
}
