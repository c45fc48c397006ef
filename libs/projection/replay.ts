/**
 * Replay: rebuilds the read model beside the live one from event 0, compares the two at one position, document by
 * document, and puts the new one in place if asked to (architecture, "Rebuild").
 */
import { type ElectionId, FOLD_VERSION, formatPosition } from '#domain';
import type { ReadModels } from '#read-model';
import type { ReplayProgress, ReplayReport } from '#wire';
import { compareModels } from './comparison.ts';
import type { ServedElection } from './elections.ts';
import type { Projection } from './projection.ts';

export interface ReplayOptions {
  readonly switch?: boolean;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

/** How often the version being made is touched, so that nobody takes it for abandoned. */
const TOUCH_MS = 15_000;

interface Parts {
  readonly projection: Projection;
  readonly models: ReadModels;
}

export async function replayElection(
  parts: Parts,
  served: ServedElection,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  return settleRebuilt(parts, await rebuildBeside(parts, served, options), options.switch === true);
}

/** Puts a rebuilt model in place if asked to; else, or where that fails, it is dropped. */
export async function settleRebuilt(
  { projection }: Pick<Parts, 'projection'>,
  { version, report, letGo }: Rebuilt,
  isToSwitch: boolean,
): Promise<ReplayReport> {
  const { election } = report;
  let switched = false;
  try {
    if (isToSwitch) {
      await projection.caughtUp(election, version, projection.position(election));
      switched = await projection.switchTo(election, version);
    }
    return { ...report, switched };
  } finally {
    letGo();
    if (!switched) await projection.retire(election, version);
  }
}

/** A model that stands beside the live one, up to date. */
export interface Rebuilt {
  readonly version: number;
  readonly report: ReplayReport;
  /** It is not kept from being taken for abandoned any longer. */
  letGo(): void;
}

export interface RebuildOptions extends Omit<ReplayOptions, 'switch'> {
  /** Told of the version once it is there. */
  readonly onMade?: (version: number) => Promise<void>;
  /** Ends it: nothing is left of it then. */
  readonly signal?: AbortSignal;
}

/** Rebuilds and compares; the rebuilt model stays beside the live one until somebody switches to it or retires it. */
export async function rebuildBeside(
  { projection, models }: Parts,
  served: ServedElection,
  { onMade, signal, onProgress }: RebuildOptions = {},
): Promise<Rebuilt> {
  const id = served.election.definition.id;
  const live = await projection.model(id);
  if (!live) throw new Error(`the read model of ${id} is not projected`);
  const started = performance.now();
  const made = await models.create(id, served.log.shards, FOLD_VERSION);
  const letGo = keepTouched(models, id, made.version);
  const tell = (progress: ReplayProgress): void => {
    signal?.throwIfAborted();
    onProgress?.(progress);
  };
  try {
    await onMade?.(made.version);
    await projection.project(served, made);
    await catchUp(projection, id, made.version, onProgress, signal);
    const seconds = (performance.now() - started) / 1000;
    const { position, ...result } = await compareModels(served, live, made, { onProgress: tell });
    const report: ReplayReport = {
      election: id,
      ...result,
      position: formatPosition(position),
      switched: false,
      events: sumOf(position),
      seconds,
    };
    return { version: made.version, report, letGo };
  } catch (error) {
    letGo();
    await projection.retire(id, made.version);
    throw error;
  }
}

/** Touches a version beside the current one again and again; returns what ends that. */
export function keepTouched(models: ReadModels, id: ElectionId, version: number): () => void {
  const lease = setInterval(() => {
    // A store that can't be reached now is tried again; whatever is done with the version meets the same fault and tells of it.
    models.touch(id, version).catch(() => undefined);
  }, TOUCH_MS);
  return () => clearInterval(lease);
}

/** Until the rebuilt model is where the live one was when last looked at. */
async function catchUp(
  projection: Projection,
  id: ElectionId,
  version: number,
  tell: ((progress: ReplayProgress) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const target = projection.position(id);
  const total = sumOf(target);
  const onProgress = (at: readonly number[]): void => {
    const done = Math.min(total, sumOf(at));
    tell?.({ stage: 'rebuilding', done, total, behind: Math.max(0, sumOf(projection.position(id)) - sumOf(at)) });
  };
  await projection.caughtUp(id, version, target, onProgress, signal);
}

function sumOf(position: readonly number[]): number {
  return position.reduce((sum, offset) => sum + offset, 0);
}
