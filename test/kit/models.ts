/** Read models for specs: projecting a log into them, and everything they hold as one text to compare. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRules } from '#definition';
import { type Election, FOLD_VERSION } from '#domain';
import type { EventLog } from '#event-log';
import { resultsCsv, type ServedElection, View } from '#projection';
import type { ModelBatch, ModelSnapshot, ReadModel, ReadModels } from '#read-model';
import { openEmbeddedModels } from '#read-model/embedded';
import { type Changes, ShardWorker } from '../../libs/projection/shard-worker.ts';

export function servedOf(election: Election, log: EventLog): ServedElection {
  return { election, rules: compileRules(election), log };
}

/** Read models of a spec's own. */
export interface Store {
  models: ReadModels;
  /** A new, empty model. */
  model(served: ServedElection): Promise<ReadModel>;
  dispose(): Promise<void>;
}

/** A folder with read models in it. */
export interface Folder extends Store {
  readonly path: string;
}

export async function modelFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'tally-models-'));
  const folder: Folder = {
    path,
    models: await openEmbeddedModels(path),
    model: ({ election, log }) => folder.models.create(election.definition.id, log.shards, FOLD_VERSION),
    async dispose() {
      await folder.models.close();
      await rm(path, { recursive: true, force: true });
    },
  };
  return folder;
}

export interface ProjectOptions {
  readonly batch?: number;
  readonly shards?: readonly number[];
  readonly onChanges?: (changes: Changes) => void;
}

/** Projects what is in the log with a fresh worker for each shard; rejects where one of them meets a fault. */
export async function project(served: ServedElection, model: ReadModel, options: ProjectOptions = {}): Promise<void> {
  const shards = options.shards ?? Array.from({ length: served.log.shards }, (_, shard) => shard);
  await Promise.all(shards.map((shard) => projectShard(served, model, shard, options)));
}

/** Projects what is in the log into a new model, each batch changed on its way. */
export async function projectChanged(
  served: ServedElection,
  models: ReadModels,
  change: (batch: ModelBatch) => ModelBatch,
): Promise<ReadModel> {
  const model = await models.create(served.election.definition.id, served.log.shards, FOLD_VERSION);
  const { election, version, shards } = model;
  const changed: ReadModel = {
    election,
    version,
    shards,
    checkpoint: (shard) => model.checkpoint(shard),
    snapshot: () => model.snapshot(),
    write: (batch) => model.write(change(batch)),
  };
  await project(served, changed, { batch: 60 });
  return model;
}

async function projectShard(
  served: ServedElection,
  model: ReadModel,
  shard: number,
  { batch, onChanges }: ProjectOptions,
): Promise<void> {
  const end = await served.log.end(shard);
  let fault: Error | null = null;
  const worker = new ShardWorker(served, model, shard, {
    ...(batch !== undefined && { batch }),
    idleMs: 20,
    onChanges: (changes) => onChanges?.(changes),
    onFault: (error) => {
      fault ??= error;
    },
  });
  worker.start();
  await until(() => worker.position >= end || fault !== null);
  await worker.stop();
  if (fault) throw fault;
}

/** Waits for a condition. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Every document of a model, and every way to read it, as one text. */
export async function documentsOf(model: ReadModel): Promise<string> {
  const snapshot = await model.snapshot();
  try {
    return (await documentLines(snapshot)).join('\n');
  } finally {
    snapshot.close();
  }
}

async function documentLines(snapshot: ModelSnapshot): Promise<string[]> {
  const lines: string[] = [`position ${JSON.stringify(snapshot.checkpoints)}`];
  const add = (what: string, value: unknown): void => void lines.push(`${what} ${JSON.stringify(sorted(value))}`);
  const nodes = new Set<string>();
  for await (const doc of snapshot.allTotals()) {
    add('totals', doc);
    nodes.add(`${doc.unit}/${doc.contest}`);
  }
  for await (const doc of snapshot.allSheets()) {
    add('sheet', doc);
    const filed = await snapshot.attemptsOn(doc.station, doc.contest);
    add('filed', [doc.station, doc.contest, filed.map(({ offset }) => offset)]);
  }
  for (const [shard, end] of snapshot.position.entries()) {
    for await (const doc of snapshot.attempts(shard, 0, end + 1_000)) add('attempt', doc);
    for (const node of nodes) {
      const [unit, contest] = node.split('/') as [string, string];
      const changes = await snapshot.changesOf(unit, contest, shard, 0, end + 1_000);
      add('changes', [node, shard, changes.map(({ offset }) => offset)]);
      add('states', await snapshot.statesOf(unit, contest, shard));
    }
  }
  for (const kind of ['election.opened', 'station.closed', 'candidate.withdrawn', 'minutes.recorded'])
    add('notes', await snapshot.notes(kind));
  for (const kind of ['device.enrolled', 'device.revoked', 'contest.certified', 'contest.reopened'])
    add('notes', await snapshot.notes(kind));
  return lines;
}

/** The same value with its names in order: stores may keep them in another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

const ALL_TRACKS = ['provisional', 'verified', 'all'] as const;

/** The long form of everything at a view, in all three tracks. */
export async function csvOf(view: View): Promise<string> {
  return joined(resultsCsv(view, { unit: view.served.election.root, depth: 'all' }, ALL_TRACKS));
}

/** The same, each node asked for by itself. */
export async function csvByNode(view: View): Promise<string> {
  const { election } = view.served;
  const units = [...election.units].sort((a, b) => (a.code < b.code ? -1 : 1));
  let header = '';
  let text = '';
  for (const unit of units) {
    const csv = await joined(resultsCsv(view, { unit }, ALL_TRACKS));
    header = csv.slice(0, csv.indexOf('\n') + 1);
    text += csv.slice(header.length);
  }
  return header + text;
}

async function joined(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

/** Reads a model at a position (default: where it is). */
export async function viewing<T>(
  served: ServedElection,
  model: ReadModel,
  read: (view: View) => Promise<T>,
  at?: readonly number[],
): Promise<T> {
  const view = await View.open(served, model, at);
  return read(view).finally(() => view.close());
}
