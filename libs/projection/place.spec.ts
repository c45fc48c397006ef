/** What is told of a unit, read of a model: a nation's unit has thousands of contests. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contestShown, contestsNear, type ServedElection, unitAnswer, View } from '#projection';
import type { ModelSnapshot, ReadModel } from '#read-model';
import { Author } from '../../test/kit/author.ts';
import { ballot, contest, electionOf, town } from '../../test/kit/elections.ts';
import { MemoryLog } from '../../test/kit/memory-log.ts';
import { modelFolder, project, type Store, servedOf } from '../../test/kit/models.ts';

const IDS = Array.from({ length: 30 }, (_, i) => `c-${i}`);

let store: Store;
beforeEach(async () => {
  store = await modelFolder();
});
afterEach(() => store.dispose());

/** The same model, counting what is asked for. */
function counting(model: ReadModel): { model: ReadModel; asked: () => number } {
  let count = 0;
  const watched = <T extends object>(target: T, inner?: (found: unknown) => unknown): T =>
    new Proxy(target, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name, of);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (!inner) count += 1;
          const found: unknown = value.apply(of, args);
          return inner && name === 'snapshot' ? (found as Promise<ModelSnapshot>).then(inner) : found;
        };
      },
    });
  return { model: watched(model, (snapshot) => watched(snapshot as ModelSnapshot)), asked: () => count };
}

async function projected(): Promise<{ served: ServedElection; model: ReadModel }> {
  const contests = IDS.map((id) => contest(id, 'P'));
  const election = electionOf(town({ contests, candidates: IDS.flatMap((id) => ballot(id, '1 2')) }));
  const author = new Author(election);
  author.withdraw('c-7', '2');
  const { id, shards } = election.definition;
  const served = servedOf(election, new MemoryLog(id, shards, author.records));
  const model = await store.model(served);
  await project(served, model);
  return { served, model };
}

describe('a unit of many contests', () => {
  it('is told with a few questions to the store, and knows who withdrew', async () => {
    const { served, model } = await projected();
    const { model: watched, asked } = counting(model);
    const view = await View.open(served, watched);
    const { contests } = await unitAnswer(view, served.election.root);
    view.close();
    expect(asked()).toBeLessThan(10);
    expect(contests).toHaveLength(IDS.length);
    const withdrawn = contests.flatMap(({ id, candidates }) =>
      candidates.filter((one) => one.withdrawn).map(({ number }) => `${id}/${number}`),
    );
    expect(withdrawn).toEqual(['c-7/2']);
  });
});

describe('the contests that a page of a unit offers', () => {
  const areas = ['A', 'B'];
  const narrow = Array.from({ length: 120 }, (_, i) => contest(`c-${i}`, areas[i % 2]!));
  const wide = [contest('wide-1', 'P'), contest('wide-2', 'P')];
  const contests = [...narrow, ...wide];
  const candidates = contests.flatMap(({ id }) => ballot(id, '1 2'));
  const election = electionOf(town({ contests, candidates }));
  const { root } = election;

  it('are all where they are few', () => {
    const station = election.unit('A-1')!;
    expect(contestsNear(election, station)).toEqual(election.contestsAt(station));
    expect(contestShown(election, station)?.id).toBe('c-0');
  });

  it('are those of the largest areas where they are many, in the order of the package, and the wanted one', () => {
    const ids = contestsNear(election, root).map(({ id }) => id);
    expect(ids).toEqual([...narrow.slice(0, 98), ...wide].map(({ id }) => id));
    expect(contestsNear(election, root, 'c-119').map(({ id }) => id)).toEqual([
      ...ids.slice(0, 98),
      'c-119',
      ...ids.slice(98),
    ]);
    expect(contestShown(election, root, 'c-119')?.id).toBe('c-119');
    expect(contestShown(election, root, 'nothing')?.id).toBe('c-0');
  });

  it('are told with how many there are besides', async () => {
    const served = servedOf(election, new MemoryLog(election.definition.id, election.definition.shards, []));
    const view = await View.open(served, await store.model(served));
    expect(await unitAnswer(view, root, contestsNear(election, root))).toMatchObject({ moreContests: 22 });
    expect(await unitAnswer(view, root)).toMatchObject({ moreContests: 0 });
    view.close();
  });
});
