/** What the fold makes of records that are no sheets, or nothing at all: it says so, changes nothing, and goes on. */
import { describe, expect, it } from '@jest/globals';
import { type Author, figuresOf, type Written } from '../../test/kit/author.ts';
import { Desk } from '../../test/kit/desk.ts';
import { contest, electionOf, province, town } from '../../test/kit/elections.ts';
import { encodeEvent, MAX_EVENT_BYTES, ShardFold } from './index.ts';

const at = (): Desk => new Desk(electionOf(town()));
const sheet = (author: Author, n = 1, more: Parameters<Author['submit']>[3] = {}): Written =>
  author.submit('A-1', 'all', figuresOf(author.election, 'all', n), more);
const jsonOf = ({ value }: Written): Record<string, unknown> => JSON.parse(Buffer.from(value).toString('utf8'));

describe('a record that is no event', () => {
  const event = jsonOf(sheet(at().author));
  const data = event.data as { sheet: object; actor: object };
  const changed = (more: object): string => JSON.stringify({ ...event, ...more });
  const changedData = (more: object): string => changed({ data: { ...data, ...more } });
  const changedSheet = (more: object): string => changedData({ sheet: { ...data.sheet, ...more } });
  /** So many lists in one another. */
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  const records: Record<string, string | Uint8Array> = {
    nothing: '',
    'a NUL byte': '\0',
    'no JSON': '{"specversion":"1.0"',
    'no object': '[1]',
    null: 'null',
    'broken UTF-8': Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    'another version': changed({ specversion: '0.3' }),
    'an unknown type': changed({ type: 'tally.sheet.shredded.v1' }),
    'a type of the prototype': changed({ type: 'constructor' }),
    'a number for an id': changed({ id: 7 }),
    'an id in capitals': changed({ id: 'AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA' }),
    'no subject': changed({ subject: undefined }),
    'no definition': changed({ tallydefinition: null }),
    'no data': changed({ data: [] }),
    'no actor': changedData({ actor: undefined }),
    'half an actor': changedData({ actor: { id: 'a' } }),
    'no findings': changedData({ findings: undefined }),
    'findings of no severity': changedData({ findings: [{ rule: 'r', severity: 'fatal' }] }),
    'no sheet': changedData({ sheet: 'A-1' }),
    'no figures': changedSheet({ fields: 3 }),
    'half a revision': changedSheet({ expectedRevision: 0.5 }),
    'a number for a reason': changedSheet({ reason: 1 }),
    'more bytes than an event has': changedSheet({ evidence: ['x'.repeat(MAX_EVENT_BYTES)] }),
    'lists in lists without end': `${changed({}).slice(0, -1)},"more":${nested(20_000)}}`,
    'lists in lists inside a sheet': changedSheet({ more: 0 }).replace('"more":0', `"more":${nested(20_000)}`),
    'objects in objects': changedSheet({ more: 0 }).replace(
      '"more":0',
      `"more":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    ),
  };

  it.each(Object.keys(records))('(%s) is unreadable, said why, and changes nothing', (name) => {
    const desk = at();
    const bytes = records[name]!;
    expect(desk.whenBytes(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)).toBe('unreadable');
    expect(desk.last).toMatchObject({ event: null, outcome: 'rejected', changes: [] });
    expect(desk.last.detail).toMatch(/\w/);
    expect(desk.sheet('A-1', 'all')).toBeUndefined();
  });

  it('does not keep the next one from being counted', () => {
    const desk = at();
    for (const bytes of Object.values(records))
      desk.whenBytes(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, { key: 'A' });
    // The author does not know of them: offsets are the fold's.
    const fresh = new Desk(electionOf(town())).author;
    const { value, key } = sheet(fresh);
    expect(desk.whenBytes(value, { key })).toBe('accepted');
  });

  it.each([
    ['released', { reason: 'r' }],
    ['released', { seen: { revision: 1, offset: -1 }, reason: 'r' }],
    ['returned', { seen: { revision: 1, offset: 1 } }],
    ['annulled', { seen: { revision: 1, offset: 1 }, reason: ' ' }],
    ['verified', {}],
    ['resolved', { seen: { revision: 1, offset: 1 }, reason: 'r', findings: [] }],
  ])('(%s with %j) is unreadable', (verb, told) => {
    const record = changed({ type: `tally.sheet.${verb}.v1`, data: { actor: data.actor, ...told } });
    expect(at().whenBytes(Buffer.from(record))).toBe('unreadable');
  });

  it.each([
    ['count.sealed', {}],
    ['station.closed', { into: 7, reason: 'r' }],
    ['candidate.withdrawn', { candidate: 1, reason: 'r' }],
    ['minutes.recorded', { unit: 'A', contest: 'all', fields: {}, reason: 'r' }],
    ['contest.certified', { fingerprint: 'f', reason: 'r' }],
    ['contest.reopened', {}],
    ['election.opened', { id: 'spec-rehearsal' }],
  ])('(%s with %j) is unreadable', (type, told) => {
    const record = changed({ type: `tally.${type}.v1`, data: { actor: data.actor, ...told } });
    expect(at().whenBytes(Buffer.from(record))).toBe('unreadable');
  });
});

describe('names that objects have by themselves', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('(%s) are no field and no candidate', (name) => {
    const desk = at();
    const event = jsonOf(sheet(new Desk(electionOf(town())).author));
    const { sheet: sent } = event.data as { sheet: { fields: object } };
    const told = JSON.stringify(event).replace(
      JSON.stringify(sent.fields),
      JSON.stringify(sent.fields).replace('{', `{${JSON.stringify(name)}:1,`),
    );
    expect(desk.whenBytes(Buffer.from(told), { key: 'A' })).toBe('bad-structure');
    for (const subject of [`${name}/all`, `A-1/${name}`, name, '/', '']) {
      const lost = encodeEvent({ ...event, subject } as never);
      expect(desk.whenBytes(lost, { key: 'A' })).toMatch(/^unknown-(station|contest)$/);
    }
    expect(({} as Record<string, unknown>).H).toBeUndefined();
  });
});

describe('an event of another place', () => {
  it('under another definition is rejected, opening or not', () => {
    const desk = at();
    expect(desk.when((author) => sheet(author, 1, { definition: '0'.repeat(64) }))).toBe('other-definition');
    expect(desk.when((author) => sheet(author, 1, { source: '/elections/other' }))).toBe('other-definition');
    expect(desk.when((author) => author.open(0, { definition: '0'.repeat(64) }))).toBe('other-definition');
    expect(desk.sheet('A-1', 'all')).toBeUndefined();
  });

  it('before the shard is open is rejected, and not remembered', () => {
    const desk = new Desk(electionOf(town()), { open: false });
    const id = '33333333-3333-4333-8333-333333333333';
    expect(desk.when((author) => sheet(author, 1, { id, expects: 0 }))).toBe('not-open');
    expect(desk.when((author) => author.close('A-1'))).toBe('not-open');
    expect(desk.when((author) => author.open(0))).toBe('accepted');
    expect(desk.when((author) => sheet(author, 1, { id, expects: 0 }))).toBe('accepted');
  });

  it('does not open a shard twice, nor as another election or with other shards', () => {
    const desk = new Desk(electionOf(town()), { open: false });
    const open = (id: string, shards: number): string =>
      desk.when((author) => author.write('tally.election.opened.v1', id, 'P', { id, shards }, { shard: 0 }));
    expect(open('other', 1)).toBe('other-definition');
    expect(open('spec-rehearsal', 2)).toBe('other-definition');
    expect(open('spec-rehearsal', 1)).toBe('accepted');
    expect(open('spec-rehearsal', 1)).toBe('not-allowed');
  });

  it('in another shard, or under another key, is rejected', () => {
    const desk = new Desk(electionOf(province({ shards: 4 })));
    const { election } = desk.author;
    const { shard, key } = election.unit('K1-1')!;
    const figures = figuresOf(election, 'all', 1);
    const send = (more: object): string => desk.when((author) => author.submit('K1-1', 'all', figures, more));
    expect(send({ shard: (shard + 1) % 4 })).toBe('wrong-shard');
    expect(send({ key: 'P' })).toBe('wrong-shard');
    expect(send({ key: 'K1-1' })).toBe('wrong-shard');
    expect(send({ shard, key })).toBe('accepted');
    const certify = (more: object): string => desk.when((author) => author.certify('few', more));
    expect(certify({ key: 'P', shard: election.root.shard })).toBe('wrong-shard');
    expect(certify({})).toBe('accepted');
  });

  it('about a station, contest or area that is none is rejected', () => {
    const desk = at();
    const figures = figuresOf(desk.author.election, 'all', 1);
    const send = (station: string, id: string): string => desk.when((author) => author.submit(station, id, figures));
    expect(send('A-9', 'all')).toBe('unknown-station');
    expect(send('A', 'all')).toBe('unknown-station');
    expect(send('A-1', 'none')).toBe('unknown-contest');
    expect(send('B-1', 'east')).toBe('not-in-contest');
  });

  it('with a subject that is not its sheet’s is rejected', () => {
    const desk = at();
    const figures = figuresOf(desk.author.election, 'all', 1);
    const data = { sheet: { station: 'A-2', contest: 'all', ...figures, findings: undefined }, findings: [] };
    expect(desk.when((author) => author.write('tally.sheet.submitted.v1', 'A-1/all', 'A-1', data))).toBe(
      'bad-structure',
    );
  });

  it('with a time of a day or hour that there is not is rejected', () => {
    const desk = at();
    const { votes } = figuresOf(desk.author.election, 'all', 1);
    const send = (time: string): string =>
      desk.when((author) => author.submit('A-1', 'all', { fields: { H: 1, T: time }, votes }, { expects: 0 }));
    for (const time of ['2021-02-30T10:00:00Z', '2021-05-23T24:00:00Z']) expect(send(time)).toBe('bad-structure');
    expect(send('2021-05-23T23:59:59Z')).toBe('accepted');
  });

  it('with figures that the form does not allow is rejected, told what is wrong', () => {
    const desk = at();
    const wrong = { fields: { H: -1, Y: 1 }, votes: { 1: 0.5, 3: 1 } };
    expect(desk.when((author) => author.submit('A-1', 'all', wrong))).toBe('bad-structure');
    for (const what of ['negative', '"Y"', 'whole number', '"3"', 'candidate 2'])
      expect(desk.last.detail).toContain(what);
  });
});

describe('a candidate withdrawn', () => {
  it('is withdrawn once, in the contest’s own shard; votes stay required and counted', () => {
    const desk = at();
    desk.when((author) => sheet(author, 1));
    expect(desk.when((author) => author.withdraw('all', '2'))).toBe('accepted');
    expect(desk.when((author) => author.withdraw('all', '2'))).toBe('not-allowed');
    expect(desk.when((author) => author.withdraw('all', '3'))).toBe('unknown-candidate');
    expect(desk.when((author) => author.withdraw('none', '1'))).toBe('unknown-contest');
    expect(desk.when((author) => author.withdraw('east', '2'))).toBe('accepted');
    const { fields, votes } = figuresOf(desk.author.election, 'all', 2);
    expect(desk.when((author) => author.submit('A-2', 'all', { fields, votes: { 1: votes[1]! } }))).toBe(
      'bad-structure',
    );
    expect(desk.when((author) => author.submit('A-2', 'all', { fields, votes }))).toBe('accepted');
    expect(desk.totals('P', 'all')!.provisional.sums[3]).toBe(82 + 135);
  });
});

describe('minutes', () => {
  const figures = { fields: { H: 40 }, votes: { 1: 30, 2: 10 } };

  it('are kept, and counted nowhere', () => {
    const desk = at();
    for (const unit of ['A', 'P', 'A-1'])
      expect(desk.when((author) => author.minutes(unit, 'all', figures))).toBe('accepted');
    expect(desk.last.changes).toEqual([]);
    expect(desk.totals('P', 'all')).toBeUndefined();
  });

  it('may leave figures out, but not state what the form lacks', () => {
    const desk = at();
    const record = (fields: object, votes: object): string =>
      desk.when((author) => author.minutes('A', 'all', { fields, votes } as typeof figures));
    expect(record({}, { 1: 4 })).toBe('accepted');
    expect(record({ Y: 1 }, {})).toBe('bad-structure');
    expect(record({ H: -4 }, {})).toBe('bad-structure');
  });

  it('are about a unit that the contest reaches', () => {
    const desk = at();
    expect(desk.when((author) => author.minutes('B', 'east', figures))).toBe('not-in-contest');
    expect(desk.when((author) => author.minutes('Q', 'all', figures))).toBe('not-in-contest');
    expect(desk.when((author) => author.minutes('A', 'none', figures))).toBe('unknown-contest');
    const data = { unit: 'B', contest: 'all', ...figures, reason: 'r' };
    expect(desk.when((author) => author.write('tally.minutes.recorded.v1', 'A', 'A', data))).toBe('bad-structure');
  });
});

describe('a contest', () => {
  it('is certified, reopened and certified again', () => {
    const desk = at();
    const certify = (): string => desk.when((author) => author.certify('all'));
    const reopen = (): string => desk.when((author) => author.reopen('all'));
    expect([reopen(), certify(), certify(), reopen(), reopen(), certify()]).toEqual([
      'not-allowed',
      'accepted',
      'not-allowed',
      'accepted',
      'not-allowed',
      'accepted',
    ]);
    expect(desk.when((author) => author.certify('east'))).toBe('accepted');
    expect(desk.when((author) => author.certify('none'))).toBe('unknown-contest');
  });

  it('takes corrections while it is certified', () => {
    const desk = at();
    desk.when((author) => author.certify('all'));
    expect(desk.when((author) => sheet(author))).toBe('accepted');
  });

  it('remembers ids', () => {
    const desk = at();
    const id = '44444444-4444-4444-8444-444444444444';
    desk.when((author) => author.certify('all', { id }));
    const { value, key } = desk.author.records.at(-1)!;
    expect(desk.when((author) => author.put(value, 0, key))).toBe('repeat');
    expect(desk.when((author) => author.reopen('all', { id }))).toBe('idempotency-conflict');
    expect(desk.when((author) => author.certify('all', { id, by: 'other' }))).toBe('idempotency-conflict');
  });

  it('over scattered areas is at home at their nearest common ancestor', () => {
    const scattered = province({
      shards: 4,
      contests: [contest('all', 'P'), contest('east', 'K1-1 K1-2'), contest('few', 'K2 K3-1')],
    });
    const election = electionOf(scattered);
    expect(['all', 'east', 'few'].map((id) => election.contest(id)!.home.code)).toEqual(['P', 'K1', 'P']);
  });
});

describe('the fold', () => {
  it('takes records in order, each once', () => {
    const { election, records } = at().author;
    const fold = new ShardFold(election, 0, 64);
    const first = records[0]!;
    expect(() => fold.fold({ ...first, offset: 1 })).toThrow(RangeError);
    fold.fold(first);
    expect(() => fold.fold(first)).toThrow(RangeError);
    expect([fold.next, fold.opened]).toEqual([1, true]);
  });

  it('hands out what changed since it was asked last, and a full state at every so many changes', () => {
    const author = new Desk(electionOf(town())).author;
    for (let n = 1; n <= 7; n += 1) sheet(author, n);
    const fold = new ShardFold(author.election, 0, 3);
    const offsets: number[] = [];
    for (const record of author.records) {
      fold.fold(record);
      if (record.offset % 2 === 0) continue;
      const { sheets, parts, states } = fold.drain();
      expect(sheets.map(({ offset }) => offset)).toEqual([record.offset]);
      expect(parts.map(({ unit, offset, changes }) => [unit, offset, changes])).toEqual([
        ['A', record.offset, record.offset],
        ['P', record.offset, record.offset],
      ]);
      offsets.push(...states.filter(({ unit }) => unit === 'P').map(({ offset }) => offset));
    }
    expect(offsets).toEqual([3, 6]);
    expect(fold.drain()).toEqual({ sheets: [], parts: [], states: [] });
  });
});
