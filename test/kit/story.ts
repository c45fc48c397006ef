/**
 * A random history of an election, told so that it can be written down for any number of shards: who does what to
 * which sheet, most of it sensible, some of it stale, doubled, forbidden or meant for another place.
 */
import fc from 'fast-check';
import type { Election } from '#domain';
import { type Author, type Figures, figuresOf, type Seen, type Written } from './author.ts';

const VERBS = [
  'submit',
  'import',
  'stale',
  'again',
  'conflict',
  'hasty',
  'release',
  'return',
  'verify',
  'annul',
  'resolve',
  'seal',
  'unseal',
  'close',
  'minutes',
  'withdraw',
  'certify',
  'reopen',
  'lost',
] as const;
export type Verb = (typeof VERBS)[number];

export interface Step {
  readonly verb: Verb;
  /** Which of the election's sheets, counted through. */
  readonly sheet: number;
  /** Which figures. */
  readonly n: number;
  /** Which account. */
  readonly who: number;
  readonly seen: Seen;
}

const WEIGHTS: Readonly<Record<Verb, number>> = {
  submit: 30,
  import: 10,
  stale: 3,
  again: 5,
  conflict: 2,
  hasty: 2,
  release: 8,
  return: 5,
  verify: 10,
  annul: 5,
  resolve: 5,
  seal: 4,
  unseal: 4,
  close: 1,
  minutes: 1,
  withdraw: 1,
  certify: 1,
  reopen: 1,
  lost: 2,
};

export const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.oneof(...VERBS.map((verb) => ({ arbitrary: fc.constant(verb), weight: WEIGHTS[verb] }))),
  sheet: fc.nat(100_000),
  n: fc.nat(60),
  who: fc.nat(2),
  seen: fc.oneof(
    { arbitrary: fc.constant<Seen>('now'), weight: 12 },
    { arbitrary: fc.constantFrom<Seen>('older', 'other-offset', 'nothing'), weight: 1 },
  ),
});

export function story(length: { minLength?: number; maxLength: number }): fc.Arbitrary<Step[]> {
  return fc.array(step, { size: 'max', ...length });
}

/** One fixed history out of all. */
export function tale(length: number, seed: number): Step[] {
  return fc.sample(fc.array(step, { minLength: length, maxLength: length, size: 'max' }), { numRuns: 1, seed })[0]!;
}

/** Writes a story down, in the order told. */
export function write(author: Author, steps: readonly Step[]): Written[] {
  return steps.map((step) => writeStep(author, step));
}

type Place = { readonly station: string; readonly contest: string };
const placesOf = new WeakMap<Election, readonly Place[]>();

function places(election: Election): readonly Place[] {
  let known = placesOf.get(election);
  if (!known) {
    known = election.contests.flatMap(({ id, stations }) =>
      stations.map(({ code }) => ({ station: code, contest: id })),
    );
    placesOf.set(election, known);
  }
  return known;
}

export function writeStep(author: Author, { verb, sheet: which, n, who, seen }: Step): Written {
  const { election } = author;
  const all = places(election);
  const { station, contest } = all[which % all.length]!;
  const sheet = author.plain.sheet(station, contest);
  const by = `clerk-${who}`;
  const figures = figuresOf(election, contest, n);
  const sameOrOther = (id?: string) => ({ by, ...(id !== undefined && { id }) });
  switch (verb) {
    case 'submit': {
      const isSecond = sheet.status === 'awaiting-second' && n % 6 !== 0;
      const expects = isSecond ? sheet.copies.length - 1 : sheet.copies.length;
      // Mostly by another person than the first, and mostly the same figures.
      const other = isSecond && sheet.top!.by.includes(by) && n % 5 !== 0 ? `clerk-${(who + 1) % 3}` : by;
      const entered = isSecond && n % 4 !== 0 ? lastOf(author, station, contest) : undefined;
      const agreed = entered && { ...entered, findings: figures.findings };
      return author.submit(station, contest, agreed ?? figures, { by: other, expects });
    }
    case 'import':
      return author.submit(station, contest, figures, { by, expects: 'import' });
    case 'stale': {
      const revision = sheet.copies.length;
      const expects = n % 2 && revision > 0 ? revision - 1 : revision + 1 + (n % 3);
      return author.submit(station, contest, figures, { by, expects });
    }
    case 'hasty':
      return author.submit(station, contest, figures, { by, reason: n % 2 ? null : ' ' });
    case 'again': {
      const before = author.records.filter(({ key }) => key === election.unit(station)!.key);
      const last = before[before.length - 1 - (n % Math.max(1, before.length))];
      return last ? author.put(last.value, last.shard, last.key) : author.submit(station, contest, figures, { by });
    }
    case 'conflict': {
      const last = author.records.findLast(({ key }) => key === election.unit(station)!.key);
      const id = last && (JSON.parse(Buffer.from(last.value).toString('utf8')) as { id: string }).id;
      return author.submit(station, contest, figures, sameOrOther(id));
    }
    case 'release':
      return author.act('sheet.released', station, contest, { by, seen: needed(seen) });
    case 'return':
      return author.act('sheet.returned', station, contest, { by, seen: needed(seen) });
    case 'verify':
      return author.act('sheet.verified', station, contest, { by: n % 3 ? 'verifier' : by, seen: needed(seen) });
    case 'annul':
      return author.act('sheet.annulled', station, contest, { by, seen: needed(seen) });
    case 'resolve': {
      const entered = n % 7 === 0 ? undefined : decided(author, station, contest, n);
      return author.resolve(station, contest, entered ? { ...entered, findings: figures.findings } : figures, {
        by,
        seen,
      });
    }
    case 'seal':
      return author.act('count.sealed', station, contest, { by, seen });
    case 'unseal':
      return author.act('count.unsealed', station, contest, { by, seen });
    case 'close':
      return author.close(station, { by, ...(n % 3 === 0 && { into: all[(which + 1) % all.length]!.station }) });
    case 'minutes':
      return author.minutes(election.unit(station)!.parent!.code, contest, figures, { by });
    case 'withdraw':
      return author.withdraw(contest, String(n % 5), { by });
    case 'certify':
      return author.certify(contest, { by });
    case 'reopen':
      return author.reopen(contest, { by });
    case 'lost':
      return lost(author, n, station, contest);
  }
}

/** What is meant for another place: another definition, shard, key, station or contest, or has no sound figures. */
function lost(author: Author, n: number, station: string, contest: string): Written {
  const figures = figuresOf(author.election, contest, n);
  const { shards } = author.election.definition;
  const home = author.election.unit(station)!;
  switch (n % 6) {
    case 0:
      return author.submit(station, contest, figures, { definition: '0'.repeat(64) });
    case 1:
      return author.submit(station, contest, figures, { shard: (home.shard + 1) % shards, key: 'elsewhere' });
    case 2:
      return author.submit(station, contest, figures, { key: author.election.root.code });
    case 3:
      return author.submit('nowhere', contest, figures, { shard: home.shard, key: home.key });
    case 4:
      return author.submit(station, 'nothing', figures);
    default:
      return author.submit(station, contest, { ...figures, votes: { ...figures.votes, extra: 1 } });
  }
}

const needed = (seen: Seen): Seen => (seen === 'nothing' ? 'now' : seen);

/** The figures of the newest revision, as a sheet spells them. */
function lastOf(author: Author, station: string, contest: string): Figures | undefined {
  const top = author.plain.sheet(station, contest).top;
  return top ? spelled(top.names) : undefined;
}

/** Of two entries that differ: the one, the other, or the fields of the one with the votes of the other. */
function decided(author: Author, station: string, contest: string, n: number): Figures | undefined {
  const { top, rival } = author.plain.sheet(station, contest);
  if (!top || !rival) return undefined;
  const [one, other] = [spelled(top.names), spelled(rival.names)];
  return n % 3 === 0 ? { fields: one.fields, votes: other.votes } : n % 3 === 1 ? one : other;
}

function spelled(names: Readonly<Record<string, number | string>>): Figures {
  const fields: Record<string, number | string> = {};
  const votes: Record<string, number> = {};
  for (const [name, value] of Object.entries(names)) {
    const short = name.slice(name.indexOf('.') + 1);
    if (name.startsWith('votes.')) votes[short] = value as number;
    else fields[short] = value;
  }
  return { fields, votes };
}
