/** A fault that is over, or that is no longer this process's to wait out, is told to be over: readiness hangs on it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { EventLogs, Shares } from '#event-log';
import { openEmbeddedLogs } from '#event-log/embedded';
import { ModelError, type ReadModel, type ReadModels } from '#read-model';
import { openEmbeddedModels } from '#read-model/embedded';
import { MemoryBroadcast } from '../../../test/kit/memory-cluster.ts';
import { openProvince } from '../../../test/kit/opened.ts';
import { Elections } from '../elections.ts';
import { FollowedProjection, SLOTS, Teller, Workers } from './index.ts';

const SHARDS = 2;
const DEADLINE_MS = 20_000;

let folder: string;
let logs: EventLogs;
let stored: ReadModels;
let models: ReadModels;
/** The store is away. */
let isAway = false;
/** What is waited out now. */
let faults: Map<string, unknown>;
let stop: () => Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-recovery-'));
  logs = await openEmbeddedLogs(folder);
  stored = await openEmbeddedModels(folder);
  await openProvince(logs, SHARDS);
  isAway = false;
  faults = new Map();
  models = failing(stored, {
    open: async (model: ReadModel | undefined) => model && failing(model, {}),
    ensure: async (model: ReadModel) => failing(model, {}),
  });
});
afterEach(async () => {
  isAway = false;
  await stop();
  await stored.close();
  await logs.close();
  await rm(folder, { recursive: true, force: true });
});

/** The same, but every call fails while the store is away; `and` says what is made of an answer. */
function failing<T extends object>(inner: T, and: Readonly<Record<string, (answer: never) => unknown>>): T {
  return new Proxy(inner, {
    get(_, name) {
      const value: unknown = Reflect.get(inner, name, inner);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        if (isAway) throw new ModelError('model-unavailable', 'away');
        const answer: unknown = await value.apply(inner, given);
        return and[String(name)]?.(answer as never) ?? answer;
      };
    },
  });
}

function note(where: string, error: unknown): void {
  if (error === null) faults.delete(where);
  else faults.set(where, error);
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain; faults: ${[...faults.keys()].join()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function startWorkers(): Promise<{ workers: Workers; hold: (slots: ReadonlySet<number>) => void }> {
  let hold: (slots: ReadonlySet<number>) => void = () => undefined;
  const shares: Shares = {
    async join(_, taken) {
      hold = taken;
      return async () => undefined;
    },
  };
  const workers = new Workers({
    elections: new Elections(logs),
    models,
    shares,
    teller: new Teller(new MemoryBroadcast()),
    onFault: ({ election, shard }, error) => note(`${election}/${shard}`, error),
  });
  stop = () => workers.stop();
  await workers.start();
  return { workers, hold };
}

const ALL = new Set(Array.from({ length: SLOTS }, (_, slot) => slot));

it('workers that could not look at their elections say that they can again', async () => {
  const { workers, hold } = await startWorkers();
  isAway = true;
  hold(ALL);
  await until(() => faults.has('null/undefined'));
  isAway = false;
  await until(() => faults.size === 0 && workers.states.length === SHARDS);
});

it('a worker that waits out a fault takes it along when its shard goes to somebody else', async () => {
  const { workers, hold } = await startWorkers();
  hold(ALL);
  await until(() => workers.states.length === SHARDS && workers.states.every(({ position }) => position > 0));
  isAway = true;
  await until(() => faults.has('spec-rehearsal/0') && faults.has('spec-rehearsal/1'));
  hold(new Set());
  isAway = false;
  await until(() => workers.states.length === 0 && faults.size === 0);
});

it('followers that could not look at the pointer say that they can again', async () => {
  const projection = new FollowedProjection({
    elections: new Elections(logs),
    models,
    broadcast: new MemoryBroadcast(),
    onFault: ({ election }, error) => note(String(election), error),
  });
  stop = () => projection.stop();
  await projection.start();
  expect(await projection.model('spec-rehearsal')).toBeDefined();
  isAway = true;
  await until(() => faults.has('null'));
  isAway = false;
  await until(() => faults.size === 0);
});
