/** A search gives what looking through the whole log by hand would, in one order, page by page as in one go. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeEvent, FOLD_VERSION, makeEvent, type Unit } from '#domain';
import type { EventLogs } from '#event-log';
import { openEmbeddedLogs } from '#event-log/embedded';
import type { AttemptDoc, ReadModel } from '#read-model';
import { type Author, figuresOf } from '../../test/kit/author.ts';
import { type Folder, modelFolder, project, viewing } from '../../test/kit/models.ts';
import { openProvince } from '../../test/kit/opened.ts';
import { tale, write } from '../../test/kit/story.ts';
import { type AttemptFilter, attemptSearchAnswer, searchAttempts } from './answers/index.ts';
import type { ServedElection } from './elections.ts';
import type { View } from './view.ts';

let folder: Folder;
let logs: EventLogs;
let served: ServedElection;
let author: Author;
let model: ReadModel;
/** Every attempt, by log time, shard and offset. */
let all: AttemptDoc[];

beforeAll(async () => {
  folder = await modelFolder();
  logs = await openEmbeddedLogs(folder.path);
  ({ served, author } = await openProvince(logs, 3));
  for (let seed = 1; seed <= 6; seed += 1) await tell(write(author, tale(60, seed)));
  const figures = figuresOf(served.election, 'all', 3);
  await tell([author.submit('K5-1', 'all', figures, { cause: 'recount' })]);
  const { election } = served;
  const [station] = election.units.filter(({ isStation }) => isStation);
  const closing = makeEvent(
    'tally.station.closed.v1',
    {
      id: '00000000-0000-4000-8000-000000000001',
      election: election.definition.id,
      subject: station!.code,
      time: '2021-05-23T20:00:00Z',
      definition: election.digest,
    },
    { actor: { id: 'far', role: 'manager', unit: 'P' }, into: 'nowhere', reason: 'burnt', ...{ device: 'tablet-7' } },
  );
  await served.log.append([
    { shard: station!.shard, key: station!.parent!.code, value: encodeEvent(closing) },
    { shard: 0, key: 'P', value: Buffer.from('no event') },
  ]);
  model = await folder.models.create(election.definition.id, 3, FOLD_VERSION);
  await project(served, model);
  all = await viewing(served, model, async ({ snapshot, position }) => {
    const found: AttemptDoc[] = [];
    for (const [shard, end] of position.entries())
      for await (const doc of snapshot.attempts(shard, 0, end)) found.push(doc);
    return found.sort((a, b) => a.logTime - b.logTime || a.shard - b.shard || a.offset - b.offset);
  });
});
afterAll(async () => {
  await logs.close();
  await folder.dispose();
});

const tell = (records: readonly { shard: number; key: string; value: Uint8Array }[]): Promise<unknown> =>
  served.log.append(records.map(({ shard, key, value }) => ({ shard, key, value })));
const place = ({ shard, offset }: { shard: number; offset: number }): string => `${shard}:${offset}`;
const unit = (code: string): Unit => served.election.unit(code)!;
const streamed = (filter: AttemptFilter): Promise<string[]> =>
  viewing(served, model, async (view) => {
    const found: string[] = [];
    for await (const attempt of searchAttempts(view, filter)) found.push(place(attempt));
    return found;
  });

/** The unit an attempt is about by what its subject names, found anew. */
function liesIn(doc: AttemptDoc, code: string): boolean {
  const name = (doc.subject ?? 'P').split('/')[0]!;
  for (
    let at: Unit | null = served.election.unit(name) ?? served.election.contest(name)?.home ?? unit('P');
    at;
    at = at.parent
  )
    if (at.code === code) return true;
  return false;
}

const sheet = (doc: AttemptDoc) => (doc.data as { sheet?: { cause?: string; via?: string } } | undefined)?.sheet;

describe('a search', () => {
  const half = (): number => all[Math.floor(all.length / 2)]!.logTime;
  const searches: [string, () => Omit<AttemptFilter, 'unit'> & { unit?: Unit }, (doc: AttemptDoc) => boolean][] = [
    ['for everything', () => ({}), () => true],
    ['for a commune', () => ({ unit: unit('K2') }), (doc) => liesIn(doc, 'K2')],
    ['for one polling area', () => ({ unit: unit('K3-1') }), (doc) => liesIn(doc, 'K3-1')],
    ['for what was rejected', () => ({ outcome: 'rejected' }), (doc) => doc.outcome === 'rejected'],
    ['for a reason to reject', () => ({ rejection: 'stale-revision' }), (doc) => doc.rejection === 'stale-revision'],
    ['for an account', () => ({ actor: 'clerk-1' }), (doc) => doc.actor?.id === 'clerk-1'],
    ['for a device', () => ({ device: 'tablet-7' }), (doc) => doc.actor?.id === 'far'],
    ['for a rule', () => ({ rule: 'hard' }), (doc) => (doc.findings ?? []).some(({ rule }) => rule === 'hard')],
    ['for a cause', () => ({ cause: 'recount' }), (doc) => sheet(doc)?.cause === 'recount'],
    ['for a status', () => ({ status: 'held' }), (doc) => doc.status === 'held'],
    ['for a type', () => ({ type: 'tally.station.closed.v1' }), (doc) => doc.type === 'tally.station.closed.v1'],
    ['for a time', () => ({ from: half() }), (doc) => doc.logTime >= half()],
    [
      'for a time and an area',
      () => ({ to: half(), unit: unit('K3') }),
      (doc) => doc.logTime < half() && liesIn(doc, 'K3'),
    ],
    [
      'for a contest of an area',
      () => ({ contest: served.election.contest('all')!, unit: unit('K3') }),
      (doc) =>
        liesIn(doc, 'K3') &&
        ((doc.contest ?? doc.subject) === 'all' ||
          (doc.subject ?? '').endsWith('/all') ||
          doc.changes.some(({ contest }) => contest === 'all')),
    ],
  ];

  it.each(searches)('%s', async (_name, filterOf, isWanted) => {
    const filter = { unit: served.election.root, ...filterOf() };
    const wanted = all.filter(isWanted).map(place);
    expect(wanted.length).toBeGreaterThan(0);
    expect(await streamed(filter)).toEqual(wanted);
  });

  it('gives the same page by page, and goes on where more has come since', async () => {
    const filter: AttemptFilter = { unit: unit('K2'), outcome: 'accepted' };
    const found: string[] = [];
    let after: readonly number[] | undefined;
    const page = (view: View) => attemptSearchAnswer(view, filter, { after, limit: 7 });
    const turn = async (): Promise<boolean> => {
      const { attempts, next, position } = await viewing(served, model, page);
      found.push(...attempts.map((attempt) => attempt.position));
      expect(attempts.length).toBeLessThanOrEqual(7);
      after = (next ?? position).split(',').map((part) => Number(part.split(':')[1]));
      return next !== null;
    };
    while (await turn());
    const before = found.length;
    expect(found).toEqual(await streamed(filter));
    await tell(write(author, tale(60, 9)));
    await project(served, model);
    while (await turn());
    expect(found.length).toBeGreaterThan(before);
    expect([...found].sort()).toEqual((await streamed(filter)).sort());
  });
});
