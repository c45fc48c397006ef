import { describe, expect, it } from '@jest/globals';
import { buildElection, type Contest, type Election, NOT_STATED } from '#domain';
import { readPackageFiles } from '../package/read-package.ts';
import { compileRules, type RuleBook } from '../rules/rule-book.ts';
import { type TemplateName, templateFiles } from '../templates/index.ts';
import { PACKS } from './index.ts';

type Fields = Partial<Record<'C' | 'V' | 'RCV' | 'P' | 'X' | 'U' | 'R' | 'H' | 'K', number>> & {
  readonly n?: readonly number[];
  readonly votes?: readonly number[];
};

/** A sheet without fault: 3 seats, 5 candidates, the class sort of ballots entered. */
const GOOD: Fields = {
  C: 1453,
  V: 1440,
  RCV: 1500,
  P: 1440,
  X: 0,
  U: 60,
  R: 1440,
  H: 1402,
  K: 38,
  n: [100, 200, 1102],
  votes: [1400, 1000, 800, 400, 206],
};

interface Pair {
  readonly fires: Fields;
  /** Default: the sheet without fault. */
  readonly keeps?: Fields;
  /** Fields of another body's sheet at the station. */
  readonly other?: { readonly contest: string; readonly fields: Fields };
}

/** For each rule a sheet that fires it and one that does not. */
const PAIRS: Readonly<Record<string, Pair>> = {
  'vn.voted-over-listed': { fires: { C: 1439 }, keeps: { C: 1440 } },
  'vn.collected-over-voted': { fires: { V: 1439 }, keeps: { V: 1440 } },
  // Tráng Việt 2021: 1,303 collected, 75 more than issued.
  'vn.collected-over-issued': { fires: { P: 1228, R: 1303 }, keeps: { P: 1303, R: 1303 } },
  'vn.valid-plus-invalid': { fires: { K: 39 }, keeps: { H: 1401, K: 39 } },
  'vn.candidate-over-valid': { fires: { votes: [1403, 1, 1, 1, 1] }, keeps: { votes: [1402, 1, 1, 1, 1] } },
  'vn.votes-under-valid': { fires: { votes: [1401, 0, 0, 0, 0] }, keeps: { votes: [1402, 0, 0, 0, 0] } },
  'vn.votes-over-seats': { fires: { votes: [1402, 1402, 1402, 1, 0] }, keeps: { votes: [1402, 1402, 1402, 0, 0] } },
  'vn.classes-valid': { fires: { n: [100, 200, 1101] } },
  'vn.classes-votes': { fires: { n: [101, 199, 1102] } },
  'vn.received-used': { fires: { RCV: 1501 }, keeps: { RCV: 1507, X: 7 } },
  'vn.issued-voted': { fires: { P: 1441 }, keeps: { P: 1445, X: 5 } },
  // 0.5 % of 1,440 is 7.2.
  'vn.missing-many': { fires: { R: 1432 }, keeps: { R: 1433 } },
  'vn.missing-few': { fires: { R: 1433 }, keeps: { R: 1432 } },
  'vn.list-over-na': { fires: { C: 1453 }, keeps: { C: 1452 }, other: { contest: 'na-1', fields: { C: 1452 } } },
  'vn.list-over-province': {
    fires: { C: 1453 },
    keeps: { C: 1452 },
    other: { contest: 'tinh-1', fields: { C: 1452 } },
  },
  'vn.list-under-commune': {
    fires: { C: 1450 },
    keeps: { C: 1451 },
    other: { contest: 'xa-09101', fields: { C: 1451 } },
  },
  'vn.voted-over-na': { fires: { V: 1440 }, keeps: { V: 1439 }, other: { contest: 'na-1', fields: { V: 1439 } } },
};

function opened(template: TemplateName): { election: Election; book: RuleBook } {
  const files = Object.entries(templateFiles(template)).map(
    ([name, text]) => [name, new TextEncoder().encode(text)] as const,
  );
  const result = readPackageFiles(new Map(files.filter(([name]) => name !== 'README.md')));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const election = buildElection(result.definition, result.digest);
  return { election, book: compileRules(election) };
}

function figures(contest: Contest, changes: Fields): number[] {
  const all: Fields = { ...GOOD, ...changes };
  const field = (id: string): number => {
    const [name, k] = id.split('.');
    const value = all[name as keyof Fields];
    return (Array.isArray(value) ? value[Number(k) - 1] : (value as number | undefined)) ?? NOT_STATED;
  };
  return [
    ...contest.layout.fields.map(({ id }) => field(id)),
    ...contest.layout.candidates.map((_, i) => all.votes![i] ?? 0),
  ];
}

describe.each([...PACKS.keys()] as TemplateName[])('pack %s', (id) => {
  const pack = PACKS.get(id)!;
  const { election, book } = opened(id);
  /** A sheet of a body that has none of the other bodies' duties. */
  const own = (other: string | undefined) => election.contest(other === 'na-1' ? 'tinh-1' : 'na-1')!;

  function fires(rule: string, changes: Fields): boolean {
    const { other } = PAIRS[rule]!;
    const contest = own(other?.contest);
    const sheet = figures(contest, changes);
    const there = other && election.contest(other.contest)!;
    const others = new Map(there ? [[there.row.body!, { contest: there, figures: figures(there, other.fields) }]] : []);
    const findings = other ? book.checkOther(contest, sheet, undefined, others) : book.check(contest, sheet, undefined);
    return findings.some((finding) => finding.rule === rule);
  }

  it('has a pair of sheets for each of its rules', () => {
    expect(Object.keys(PAIRS)).toEqual(pack.rules.map((rule) => rule.id));
  });

  it.each(pack.rules.map((rule) => rule.id))('%s fires, and does not fire without reason', (rule) => {
    expect(fires(rule, PAIRS[rule]!.fires)).toBe(true);
    expect(fires(rule, PAIRS[rule]!.keeps ?? {})).toBe(false);
  });

  it('finds nothing on a sheet without fault, nor where optional fields are left out', () => {
    const contest = own(undefined);
    expect(book.check(contest, figures(contest, {}), 1453)).toEqual([]);
    const short = figures(contest, { RCV: undefined, X: undefined, U: undefined, n: [] });
    expect(book.check(contest, short, undefined)).toEqual([]);
  });

  it('checks the inventory also where exchanged ballots are not stated', () => {
    const contest = own(undefined);
    const sheet = figures(contest, { RCV: 1501, X: undefined });
    expect(book.check(contest, sheet, undefined)).toEqual([{ rule: 'vn.received-used', severity: 'error' }]);
  });

  it('allows few ballots to be missing in a small station: up to three', () => {
    const contest = own(undefined);
    const small = (R: number) =>
      book.check(
        contest,
        figures(contest, { C: 100, V: 100, P: 100, R, H: R, K: 0, RCV: undefined, n: [], votes: [R, 0, 0, 0, 0] }),
        undefined,
      );
    expect(small(97)).toEqual([{ rule: 'vn.missing-few', severity: 'info' }]);
    expect(small(96)).toEqual([{ rule: 'vn.missing-many', severity: 'warning' }]);
  });

  it('has texts in Vietnamese and English for everyone, and a source', () => {
    for (const { message, advice, source } of pack.rules) {
      for (const texts of [message, advice.clerk, advice.reviewer]) {
        expect(texts.vi).toBeTruthy();
        expect(texts.en).toBeTruthy();
      }
      expect(source).not.toBe('');
    }
  });

  it('is named in the version of the rules', () => {
    expect(book.version).toMatch(new RegExp(`^${id}@1 rules:[0-9a-f]{8}$`));
  });
});

describe('a package that names a pack', () => {
  const files = (changes: Record<string, (text: string) => string>, more: Record<string, string> = {}) =>
    new Map(
      Object.entries({ ...templateFiles('vietnam-2026'), ...more })
        .filter(([name]) => name !== 'README.md')
        .map(([name, text]) => [name, new TextEncoder().encode(changes[name]?.(text) ?? text)]),
    );

  it('can change a rule of it by the same id and form, in its place', () => {
    const rules = {
      rules: [
        {
          id: 'vn.missing-many',
          form: 'count',
          severity: 'error',
          expect: 'f.V - f.R <= 1',
          message: { vi: 'Thiếu phiếu.' },
        },
      ],
    };
    const result = readPackageFiles(
      files(
        { 'election.json': (text) => text.replace('"pack:vietnam-2026"', '"pack:vietnam-2026", "rules.json"') },
        { 'rules.json': JSON.stringify(rules) },
      ),
    );
    const changed = result.ok ? result.definition.rules : [];
    expect(changed.map(({ id }) => id)).toEqual(PACKS.get('vietnam-2026')!.rules.map(({ id }) => id));
    expect(changed.find(({ id }) => id === 'vn.missing-many')).toMatchObject({
      severity: 'error',
      expect: 'f.V - f.R <= 1',
    });
  });

  it('gets the rules whose fields its forms have', () => {
    const result = readPackageFiles(
      files({ 'election.json': (text) => JSON.stringify({ ...JSON.parse(text), forms: shortForms() }) }),
    );
    const rules = result.ok ? result.definition.rules : [];
    expect(rules.map(({ id, form }) => `${form} ${id}`)).toEqual([
      'count vn.voted-over-listed',
      'count vn.list-over-na',
      'count vn.list-over-province',
      'count vn.list-under-commune',
      'count vn.voted-over-na',
      'box vn.received-used',
    ]);
    expect(rules.at(-1)?.expect).toBe('f.RCV == f.P + f.U');
  });
});

function shortForms() {
  const fields = (...ids: string[]) => ({ fields: ids.map((id) => ({ id, name: id })) });
  return { count: fields('C', 'V'), box: fields('RCV', 'P', 'U') };
}
