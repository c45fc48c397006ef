/** A hall whose store is away, or comes back older, just when it has to read everything anew. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Freezes, NO_FREEZES } from '#access';
import { formatPosition, type Position } from '#domain';
import type { Changes, ServedElection } from '#projection';
import type { ReadModel } from '#read-model';
import type { TotalsMessage, WatchSnapshot } from '#wire';
import { Author } from '../../test/kit/author.ts';
import { electionOf, province } from '../../test/kit/elections.ts';
import { MemoryLog } from '../../test/kit/memory-log.ts';
import { modelFolder, project, type Store, servedOf, until } from '../../test/kit/models.ts';
import { tale, write } from '../../test/kit/story.ts';
import { ElectionHall } from './election-hall.ts';
import { HallFreeze } from './hall-freeze.ts';
import { LiveTotals } from './live-totals.ts';

const election = electionOf(province({ shards: 1 }));
const author = new Author(election);
write(author, tale(200, 3));
const { id, shards } = election.definition;
const HALF = author.records.slice(0, 100);

let store: Store;
beforeEach(async () => {
  store = await modelFolder();
});
afterEach(() => store.dispose());

/** The model after so many records, and what was told on the way. */
async function modelOf(records: readonly (typeof author.records)[number][], told: Changes[] = []) {
  const served = servedOf(election, new MemoryLog(id, shards, records));
  const model = await store.model(served);
  await project(served, model, { batch: 20, onChanges: (changes) => told.push(changes) });
  return { served, model };
}

class Watched {
  readonly messages: TotalsMessage[] = [];
  readonly faults: unknown[] = [];
  readonly hall: ElectionHall;

  constructor(live: LiveTotals, model: () => Promise<ReadModel | undefined>) {
    const store = { read: async () => NO_FREEZES, write: async () => false, close: async () => {} };
    const freeze = new HallFreeze({ freezes: new Freezes(store), projection: { model } }, live.served);
    this.hall = new ElectionHall(live, freeze, model, {
      totals: (_room, message) => this.messages.push(message),
      isEmpty: () => false,
      failed: (error) => this.faults.push(error),
    });
  }

  async begin(served: ServedElection): Promise<WatchSnapshot> {
    const { root } = served.election;
    const wish = { election: id, unit: root, contest: null, track: 'provisional', children: true } as const;
    return new Promise((resolve, reject) => {
      this.hall.watch({ ...wish, isPublic: false }, (_room, answer) => resolve(answer)).catch(reject);
    });
  }
}

/** A hall at half the log, and the batches that come after. */
async function halfway(answers: (present: ReadModel) => Promise<(() => Promise<ReadModel>)[]>) {
  const half = await modelOf(HALF);
  const told: Changes[] = [];
  const { served, model } = await modelOf(author.records, told);
  const queue: (() => Promise<ReadModel>)[] = [];
  const watched = new Watched(await LiveTotals.load(half.served, half.model), () =>
    (queue.shift() ?? (async () => model))(),
  );
  const snapshot = await watched.begin(half.served);
  expect(snapshot.position).toBe(formatPosition([HALF.length]));
  queue.push(...(await answers(model)));
  const later = told.filter(({ from }) => from >= HALF.length);
  expect(later.length).toBeGreaterThan(3);
  return { served, watched, later, ends: author.ends as Position };
}

describe('a hall that misses a batch', () => {
  it('while the store is away reads everything anew once it is back, and tells every room', async () => {
    const away = (): Promise<ReadModel> => Promise.reject(new Error('the store is away'));
    // Away for the totals, then again for what the room is told.
    const { watched, later, ends } = await halfway(async (model) => [away, async () => model, away]);
    for (const changes of later.slice(1)) watched.hall.take(changes);
    await until(() => watched.messages.length > 0);
    expect(watched.hall.live.position).toEqual(ends);
    expect(watched.messages[0]).toMatchObject({ from: '0:0', to: formatPosition(ends) });
    expect(watched.faults).toHaveLength(2);
    watched.hall.close();
  });

  it('while the store is older than what it told waits for it, and no figure goes back', async () => {
    const older = await modelOf(author.records.slice(0, 40));
    const { watched, later, ends } = await halfway(async () => [async () => older.model]);
    for (const changes of later.slice(1)) watched.hall.take(changes);
    await until(() => watched.faults.length > 0);
    expect(watched.hall.live.position).toEqual([HALF.length]);
    expect(String(watched.faults[0])).toMatch(/is at 0:40, behind 0:100/);
    await until(() => watched.messages.length > 0);
    expect(watched.hall.live.position).toEqual(ends);
    expect(watched.messages.map(({ to }) => to)).toEqual([formatPosition(ends)]);
    watched.hall.close();
  });

  it('tries no more once it is closed', async () => {
    const { watched, later } = await halfway(async () =>
      Array.from({ length: 50 }, () => () => Promise.reject(new Error('the store is away'))),
    );
    for (const changes of later.slice(1)) watched.hall.take(changes);
    await until(() => watched.faults.length > 0);
    watched.hall.close();
    const before = watched.faults.length;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect([watched.faults.length, watched.messages.length]).toEqual([before, 0]);
  });
});
