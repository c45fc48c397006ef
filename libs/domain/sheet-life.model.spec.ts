/**
 * The whole life of a sheet, walked: from every state that can be reached, everything that anybody could do to it, and
 * the fold must say and do what a second, plain count says (test/kit/plain-count.ts), in all three tracks.
 */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Author, type Figures, figuresOf, type Written } from '../../test/kit/author.ts';
import { Desk } from '../../test/kit/desk.ts';
import { electionOf, town } from '../../test/kit/elections.ts';
import { countedIn, type PlainSheet } from '../../test/kit/plain-sheet.ts';
import { type Step, step, writeStep } from '../../test/kit/story.ts';
import { type Definition, type Election, type Entered, NOT_STATED, spellFigures, TRACKS } from './index.ts';

const STATION = 'A-1';
const CONTEST = 'all';

type Deed = (author: Author) => Written;

/** Everything that can be done to the sheet, each deed in the ways that matter. */
function deeds(election: Election): Map<string, Deed> {
  const figures = [0, 1, 4].map((n) => figuresOf(election, CONTEST, n));
  const [clean, other, wrong] = figures as [Figures, Figures, Figures];
  const mixed: Figures = { fields: clean.fields, votes: other.votes };
  const sheetOf = (author: Author): PlainSheet => author.plain.sheet(STATION, CONTEST);
  const revision = (author: Author): number => sheetOf(author).copies.length;
  const all = new Map<string, Deed>();
  const submit = (name: string, sent: Figures, more: (author: Author) => object): void => {
    all.set(`submit ${name}`, (author) => author.submit(STATION, CONTEST, sent, more(author)));
  };
  for (const [i, sent] of figures.entries())
    for (const by of ['ann', 'ben']) {
      submit(`${i} by ${by}`, sent, () => ({ by }));
      submit(`${i} by ${by}, as seen before the newest`, sent, (author) => ({
        by,
        expects: Math.max(0, revision(author) - 1),
      }));
      submit(`${i} by ${by}, in a file`, sent, () => ({ by, expects: 'import' }));
    }
  submit('ahead', clean, (author) => ({ expects: revision(author) + 1 }));
  submit('without a reason', other, () => ({ by: 'ann', reason: null }));
  submit('in a file without a reason', wrong, () => ({ by: 'ben', expects: 'import', reason: ' ' }));
  submit('a vote too many', { ...clean, votes: { ...clean.votes, 9: 1 } }, () => ({ by: 'ann' }));
  submit('a field too few', { ...clean, fields: {} }, () => ({ by: 'ann', expects: 'import' }));
  all.set('submit again', (author) => {
    const { value, shard, key } = author.records.at(-1)!;
    return author.put(value, shard, key);
  });
  all.set('submit other figures under a used id', (author) => {
    const { id } = JSON.parse(Buffer.from(author.records.at(-1)!.value).toString()) as { id: string };
    return author.submit(STATION, CONTEST, figuresOf(election, CONTEST, 9), { by: 'ben', id, expects: 'import' });
  });
  const decided: Record<string, (author: Author) => Figures> = {
    'as the first': () => clean,
    'as the second': () => other,
    'as the first, against a rule': () => ({ ...clean, findings: wrong.findings }),
    mixed: () => mixed,
    'with a foreign figure': () => ({ ...clean, votes: { ...clean.votes, 1: 777 } }),
    'with an unknown field': () => ({ ...clean, fields: { ...clean.fields, Y: 1 } }),
    'without a time that was entered': ({ plain }) => {
      const { T, ...rest } = clean.fields;
      return { ...(plain ? clean : other), fields: rest };
    },
  };
  for (const [name, of] of Object.entries(decided))
    all.set(`resolve ${name}`, (author) => author.resolve(STATION, CONTEST, of(author), { by: 'ron' }));
  all.set('resolve unseen', (author) => author.resolve(STATION, CONTEST, clean, { by: 'ron', seen: 'older' }));
  const acts = { released: 'ann ben ron', returned: 'ron', verified: 'ann ben vic', annulled: 'cat' } as const;
  for (const [verb, people] of Object.entries(acts) as [keyof typeof acts, string][]) {
    for (const by of people.split(' '))
      all.set(`${verb} by ${by}`, (author) => author.act(`sheet.${verb}`, STATION, CONTEST, { by }));
    for (const seen of ['older', 'other-offset'] as const)
      all.set(`${verb}, ${seen} seen`, (author) => author.act(`sheet.${verb}`, STATION, CONTEST, { seen }));
  }
  for (const verb of ['count.sealed', 'count.unsealed'] as const)
    for (const seen of ['now', 'nothing', 'other-offset'] as const)
      all.set(`${verb}, ${seen} seen`, (author) => author.act(verb, STATION, CONTEST, { seen }));
  all.set('close the station', (author) => author.close(STATION));
  all.set('withdraw a candidate', (author) => author.withdraw(CONTEST, '1'));
  all.set('certify', (author) => author.certify(CONTEST));
  all.set('reopen', (author) => author.reopen(CONTEST));
  return all;
}

/** What distinguishes one state of the sheet from another, for the walk: neither which figures, nor whose first name. */
function stateOf({ plain }: Author): string {
  const { copies, top, rival, counting, status, sealed, signed, holds } = plain.sheet(STATION, CONTEST);
  const people = [...new Set([...(top?.by ?? []), ...(rival?.by ?? [])])];
  const whose = (copy: typeof top): number[] | undefined => copy?.by.map((name) => people.indexOf(name));
  const counts = counting === top ? 'newest' : counting === null ? 'nothing' : 'earlier';
  return JSON.stringify([
    copies.length > 0,
    status,
    sealed,
    signed,
    holds,
    plain.isClosed(STATION),
    whose(top),
    whose(rival),
    counts,
  ]);
}

/** Compares everything the fold says of the sheet, and of the totals above it, with the plain count. */
function compare(desk: Desk, { verdict }: Written, election: Election): void {
  const { outcome, rejection } = desk.last;
  const said = outcome === 'accepted' ? 'accepted' : rejection;
  const found = [said, ...foldedSheet(desk, election)];
  const expected = [verdict.accepted ? 'accepted' : verdict.code, ...plainSheet(desk)];
  // Thousands of times: the matcher only where it has something to show.
  if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
}

function plainSheet({ author: { plain } }: Desk): unknown[] {
  const sheet = plain.sheet(STATION, CONTEST);
  if (sheet.stamp === 0) return ['untouched'];
  const { copies, top, rival, counting, status, signed, holds, sealed, stamp } = sheet;
  const tracks = TRACKS.map((track) => {
    const counted = countedIn(sheet, track);
    return { sheets: counted ? 1 : 0, ...(counted && figuresOnly(counted.names)) };
  });
  const state = { revision: copies.length, status, signed, holds, sealed, offset: stamp };
  return [{ ...state, closed: plain.isClosed(STATION), folded: stamp }, { top, rival, counting }, tracks];
}

function foldedSheet(desk: Desk, election: Election): unknown[] {
  const folded = desk.sheet(STATION, CONTEST);
  if (!folded) return ['untouched'];
  const { layout } = election.contest(CONTEST)!;
  const { revision, status, standingVerified: signed, heldFor: holds, sealed, offset, ...entries } = folded.state;
  const spell = (entered: Entered | null): unknown =>
    entered && {
      names: namesOf(layout, entered.figures, entered.times),
      by: entered.by,
      revision: entered.revision,
      offset: entered.offset,
    };
  const totals = desk.totals('P', CONTEST)!;
  const tracks = TRACKS.map((track) => {
    const { sheets, sums, present } = totals[track];
    if (sheets === 0)
      return { sheets, ...([...sums, ...present].some((sum) => sum !== 0) && { left: [sums, present] }) };
    // One sheet at most: what it did not state is not there.
    const stated = sums.map((sum, place) => (layout.optional.includes(place) && present[0] === 0 ? NOT_STATED : sum));
    return { sheets, ...namesOf(layout, stated, {}) };
  });
  return [
    { revision, status, signed, holds, sealed, offset, closed: folded.closed, folded: folded.offset },
    { top: spell(entries.newest), rival: spell(entries.second), counting: spell(entries.standing) },
    tracks,
  ];
}

type Layout = Election['contests'][number]['layout'];

function namesOf(layout: Layout, figures: readonly number[], times: object): Record<string, unknown> {
  const { fields, votes } = spellFigures(layout, figures);
  const named = (prefix: string, values: object): object =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
  return { ...named('field', fields), ...named('time', times), ...named('votes', votes) };
}

function figuresOnly(names: object): object {
  return Object.fromEntries(Object.entries(names).filter(([name]) => !name.startsWith('time.')));
}

/** How a state was reached: by which deeds, and what stands in the log then. */
interface Way {
  readonly deeds: readonly string[];
  readonly records: readonly Written[];
}

interface Walk {
  /** The states that were found, and the deeds that were tried in them. */
  readonly states: number;
  readonly deeds: number;
  readonly statuses: ReadonlySet<string>;
  readonly rejections: ReadonlySet<string>;
}

/** Tries every deed in every state that deeds lead to, until no new state turns up. */
function walk(election: Election, all: ReadonlyMap<string, Deed>): Walk {
  const found = new Set<string>();
  const ways: Way[] = [{ deeds: [], records: [] }];
  const statuses = new Set<string>();
  const rejections = new Set<string>();
  let tried = 0;
  for (const way of ways) {
    let desk: Desk | null = null;
    for (const [name, deed] of all) {
      desk ??= follow(election, way);
      const written = act(desk, deed, election, [...way.deeds, name]);
      tried += 1;
      statuses.add(desk.author.plain.sheet(STATION, CONTEST).status);
      if (written.verdict.accepted) {
        const state = stateOf(desk.author);
        if (!found.has(state)) ways.push({ deeds: [...way.deeds, name], records: [...desk.author.records] });
        found.add(state);
        desk = null;
      } else rejections.add(written.verdict.code);
    }
  }
  return { states: found.size, deeds: tried, statuses, rejections };
}

function follow(election: Election, { records }: Way): Desk {
  const desk = new Desk(election);
  for (const { value, shard, key } of records.slice(desk.author.records.length))
    desk.take(desk.author.put(value, shard, key));
  return desk;
}

function act(desk: Desk, deed: Deed, election: Election, way: readonly string[]): Written {
  const written = deed(desk.author);
  desk.take(written);
  try {
    compare(desk, written, election);
  } catch (error) {
    throw new Error(`after: ${way.join('; ')}`, { cause: error });
  }
  return written;
}

const variants: [string, Partial<Definition>, number][] = [
  ['in single entry', {}, 40],
  ['in double entry', { entry: 'double' }, 90],
  ['where nothing holds', { holdOn: 'never' }, 25],
];

describe.each(variants)('the life of a sheet %s', (_name, more, states) => {
  const election = electionOf(town(more));

  it('is what the plain count says, whatever is done in whatever state', () => {
    const walked = walk(election, deeds(election));
    expect(walked.states).toBeGreaterThan(states);
    expect(walked.deeds).toBeGreaterThan(states * 50);
    const inDouble = ['awaiting-second', 'disputed'];
    const statuses = ['none', 'accepted', 'held', 'returned', 'annulled', 'verified'];
    const codes =
      'bad-structure idempotency-conflict not-allowed precondition-failed reason-required repeat same-person sealed ' +
      'stale-revision unchanged';
    const isDouble = more.entry === 'double';
    expect([...walked.statuses].sort()).toEqual([...statuses, ...(isDouble ? inDouble : [])].sort());
    expect([...walked.rejections].sort()).toEqual(
      [...codes.split(' '), ...(isDouble ? ['figure-not-entered'] : [])].sort(),
    );
  });
});

/* ---------------------------------------------- long lives, at random */

type Model = { steps: number };

/** A step of a story as a command: done to the fold and to the plain count, and compared. */
class StepCommand implements fc.Command<Model, Desk> {
  readonly #step: Step;
  constructor(step: Step) {
    this.#step = step;
  }
  check(): boolean {
    return true;
  }
  run(model: Model, desk: Desk): void {
    model.steps += 1;
    const written = writeStep(desk.author, this.#step);
    desk.take(written);
    compare(desk, written, desk.author.election);
  }
  toString(): string {
    return JSON.stringify(this.#step);
  }
}

describe.each(['single', 'double'] as const)('a long life in %s entry', (entry) => {
  it('is what the plain count says after every step', () => {
    // One station and one contest, so that a story is about one sheet.
    const { units, contests, candidates } = town();
    const election = electionOf(
      town({
        entry,
        units: units.filter(({ code }) => ['P', 'A', STATION].includes(code)),
        contests: contests.filter(({ id }) => id === CONTEST),
        candidates: candidates.filter(({ contest }) => contest === CONTEST),
      }),
    );
    const commands = fc.commands([step.map((one) => new StepCommand(one))], { maxCommands: 80, size: 'max' });
    fc.assert(
      fc.property(commands, (steps) => {
        fc.modelRun(() => ({ model: { steps: 0 }, real: new Desk(election) }), steps);
      }),
      { numRuns: 100, seed: 2021 },
    );
  });
});
