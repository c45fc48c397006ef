/** Corrections of an election, found in its log, which is read once. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FULL_SIGHT } from '#domain';
import { Corrections, View } from '#projection';
import { Author } from '../../test/kit/author.ts';
import { electionOf, province } from '../../test/kit/elections.ts';
import { MemoryLog } from '../../test/kit/memory-log.ts';
import { modelFolder, project, type Store, servedOf } from '../../test/kit/models.ts';
import { tale, write } from '../../test/kit/story.ts';

const election = electionOf(province({ shards: 2 }));
const { id, shards } = election.definition;

let store: Store;
let view: View;
beforeEach(async () => {
  store = await modelFolder();
  const author = new Author(election);
  write(author, tale(400, 5));
  const served = servedOf(election, new MemoryLog(id, shards, author.records));
  const model = await store.model(served);
  await project(served, model);
  view = await View.open(served, model);
});
afterEach(async () => {
  view.close();
  await store.dispose();
});

const placesIn = async (known: Corrections): Promise<string[]> =>
  (await known.answer(view, FULL_SIGHT)).corrections.map(({ attempt }) => attempt.position);

it('are what changed figures that had been received, the newest first', async () => {
  const { corrections } = await new Corrections().answer(view, FULL_SIGHT);
  expect(corrections).toHaveLength(50);
  for (const { attempt } of corrections) {
    expect(attempt.outcome).toBe('accepted');
    expect(attempt.revision! > 1 || attempt.type === 'tally.sheet.annulled.v1').toBe(true);
  }
  const times = corrections.map(({ attempt }) => Date.parse(attempt.logTime));
  expect(times).toEqual([...times].sort((a, b) => b - a));
});

it('are the same where reading the log was given up on the way and went on', async () => {
  const known = new Corrections();
  await known.readUpTo(view, AbortSignal.abort());
  expect(await placesIn(known)).toEqual(await placesIn(new Corrections()));
});

it('are read of the log once', async () => {
  const known = new Corrections();
  await known.readUpTo(view);
  const { snapshot } = view;
  const attempts = snapshot.attempts.bind(snapshot);
  const read: [number, number][] = [];
  Object.assign(snapshot, {
    attempts: (shard: number, from: number, to: number) => {
      read.push([from, to]);
      return attempts(shard, from, to);
    },
  });
  expect(await placesIn(known)).toHaveLength(50);
  expect(read).toEqual(view.position.map((end) => [end, end]));
});
