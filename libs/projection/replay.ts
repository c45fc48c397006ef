/**
 * Replay: rebuilds the read model beside the live one from event 0, compares the two at one position, document by
 * document, and puts the new one in place if asked to (architecture, "Rebuild").
 */
import { type ElectionId, FOLD_VERSION, formatPosition } from '#domain';
import type { ReadModels } from '#read-model';
import { compareModels, type ReplayDifference, type ReplayProgress } from './comparison.ts';
import type { ServedElection } from './elections.ts';
import type { Projection } from './projection.ts';

export interface ReplayReport {
  readonly election: ElectionId;
  readonly position: string;
  /** Nodes (a contest at a unit, of every level) that were compared. */
  readonly compared: number;
  readonly attempts: number;
  readonly different: number;
  /** The first hundred of them. */
  readonly differences: readonly ReplayDifference[];
  /** Fingerprints at that position. */
  readonly live: string;
  readonly rebuilt: string;
  readonly switched: boolean;
  /** Of the rebuilding alone. */
  readonly events: number;
  readonly seconds: number;
}

export interface ReplayOptions {
  readonly switch?: boolean;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

/** How often the version being made is touched, so that nobody takes it for abandoned. */
const TOUCH_MS = 15_000;

export async function replayElection(
  { projection, models }: { readonly projection: Projection; readonly models: ReadModels },
  served: ServedElection,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  const id = served.election.definition.id;
  const live = await projection.model(id);
  if (!live) throw new Error(`the read model of ${id} is not projected`);
  const started = performance.now();
  const made = await models.create(id, served.log.shards, FOLD_VERSION);
  const lease = setInterval(() => {
    // A store that can't be reached now is tried again; the rebuilding itself meets the same fault and tells of it.
    models.touch(id, made.version).catch(() => undefined);
  }, TOUCH_MS);
  let keep = false;
  try {
    await projection.project(served, made);
    await catchUp(projection, id, made.version, options);
    const seconds = (performance.now() - started) / 1000;
    const result = await compareModels(served, live, made, options);
    if (options.switch) {
      await projection.caughtUp(id, made.version, projection.position(id));
      keep = await projection.switchTo(id, made.version);
    }
    const events = result.position.reduce((sum, offset) => sum + offset, 0);
    return { election: id, ...result, position: formatPosition(result.position), switched: keep, events, seconds };
  } finally {
    clearInterval(lease);
    if (!keep) await projection.retire(id, made.version);
  }
}

/** Until the rebuilt model is where the live one was when last looked at. */
async function catchUp(projection: Projection, id: ElectionId, version: number, options: ReplayOptions): Promise<void> {
  const target = projection.position(id);
  const total = target.reduce((sum, offset) => sum + offset, 0);
  await projection.caughtUp(id, version, target, (at) =>
    options.onProgress?.({
      stage: 'rebuilding',
      done: Math.min(
        total,
        at.reduce((sum, offset) => sum + offset, 0),
      ),
      total,
    }),
  );
}
