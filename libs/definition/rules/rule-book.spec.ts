import { describe, expect, it } from '@jest/globals';
import { buildElection, type Contest, type Election, NOT_STATED } from '#domain';
import { problemsOf, readSample, replaced } from '../package/sample.ts';
import { compileRules, type RuleBook } from './rule-book.ts';

function ruleFile(...expects: string[]): string {
  return JSON.stringify({
    rules: expects.map((expect, i) => ({
      id: `rule-${i + 1}`,
      form: 'count',
      severity: 'error',
      expect,
      message: 'No.',
    })),
  });
}

function electionWith(...expects: string[]): { election: Election; book: RuleBook; contest: Contest; other: Contest } {
  const result = readSample({ 'rules.json': ruleFile(...expects) });
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
  const election = buildElection(result.definition, result.digest);
  return {
    election,
    book: compileRules(election),
    contest: election.contest('na-1')!,
    other: election.contest('council-1')!,
  };
}

interface Sheet {
  C?: number;
  V?: number;
  X?: number;
  H?: number;
  n?: readonly number[];
  null?: number;
  votes?: readonly number[];
}

/** Figures of a sheet of na-1 (2 seats, candidates 1 to 3). */
function sheet({
  C = 100,
  V = 90,
  X = NOT_STATED,
  H = 80,
  n = [NOT_STATED, NOT_STATED],
  null: odd = NOT_STATED,
  votes = [50, 40, 30],
}: Sheet): number[] {
  return [C, V, X, H, ...n, odd, ...votes];
}

/** Findings of one rule on one sheet: nothing, or the rule's severity, or `failed`. */
function outcome(expect: string, figures: Sheet = {}, registered: number | undefined = 100): string {
  const { book, contest } = electionWith(expect);
  const findings = book.check(contest, sheet(figures), registered);
  return (
    findings.map(({ rule, severity, about }) => (rule === 'rule-failed' ? `failed ${about}` : severity)).join() ||
    'none'
  );
}

describe('a rule sees', () => {
  it.each([
    ['f.V <= f.C', {}, 'none'],
    ['f.V <= f.C', { V: 101 }, 'error'],
    ['f["V"] <= f["C"]', { V: 101 }, 'error'],
    ['f["null"] == 7', { null: 7 }, 'none'],
    ['f["null"] == 7', { null: 8 }, 'error'],
    ['votes["1"] > 49', {}, 'none'],
    ['votes["1"] > 50', {}, 'error'],
    ['votes.all(n, votes[n] <= f.H)', { votes: [81, 1, 1] }, 'error'],
    ['votes.exists(n, votes[n] > 45)', {}, 'none'],
    ['sum == 120 && max == 50', {}, 'none'],
    ['seats == 2 && candidates == 3', {}, 'none'],
    ['registered == f.C', {}, 'none'],
    ['registered == f.C', { C: 99 }, 'error'],
    ['f.n[0] == 30 && f.n[1] == 50 && size(f.n) == seats', { n: [30, 50] }, 'none'],
    ['total(f.n) == f.H', { n: [30, 50] }, 'none'],
    ['total(f.n) == f.H', { n: [30, 51] }, 'error'],
    ['weighted(f.n) == 30 + 2 * 50', { n: [30, 50] }, 'none'],
    ['f.n.all(x, x >= 0)', { n: [30, 50] }, 'none'],
  ] as const)('%s on %j: %s', (expression, figures, expected) => {
    expect(outcome(expression, figures)).toBe(expected);
  });
});

describe('numbers', () => {
  it.each([
    // Whole numbers and fractions are compared and combined as an author expects.
    ['f.H > 0.5 * f.V', 'none'],
    ['0.05 * f.C == 5.0', 'none'],
    ['f.C == 100.0 && 100.0 == f.C && f.C != 99.5', 'none'],
    ['double(f.H) / f.C > 0.79', 'none'],
    ['f.H / 0.5 == 160.0 && f.H - 0.5 < f.H && 0.5 + f.H > f.H', 'none'],
    ['f.V * 2 > f.C', 'none'],
    ['-f.V < 0', 'none'],
    ['f.V % 4 == 2', 'none'],
    // CEL: whole numbers are divided without a rest.
    ['f.V / 100 == 0', 'none'],
  ])('%s: %s', (expression, expected) => {
    expect(outcome(expression)).toBe(expected);
  });

  it('are exact up to sums of a nation', () => {
    const sums = sheet({ H: 999_999_999 * 100_000 });
    const { book, contest } = electionWith('f.H == 99999999900000 && f.H + 1 != f.H && f.H * 10000 + 1 != f.H * 10000');
    expect(book.check(contest, sums, undefined)).toEqual([]);
  });
});

describe('a rule does not apply', () => {
  it.each([
    ['f.V + f.X > 1000', {}, 100],
    ['f["null"] > 1000', {}, 100],
    ['total(f.n) > 1000', { n: [5, NOT_STATED] }, 100],
    ['f.V == 0 && f.X == 0', {}, 100],
    ['registered == 1', {}, undefined],
  ] as const)('where %s uses something absent', (expression, figures, registered) => {
    const { book, contest } = electionWith(expression);
    expect(book.check(contest, sheet(figures), registered)).toEqual([]);
  });

  it('but one that tests with has() says itself what to do', () => {
    const expression = 'has(f.X) ? f.C == f.V + f.X : f.C == f.V';
    expect(outcome(expression, { X: 10 })).toBe('none');
    expect(outcome(expression, { X: 11 })).toBe('error');
    expect(outcome(expression, { C: 90 })).toBe('none');
    expect(outcome(expression)).toBe('error');
    expect(outcome('has(f.X) && f.X > 0 || f.X < 5')).toBe('none');
  });
});

describe('a rule that fails', () => {
  it.each([
    ['f.V / f.H > 0', { H: 0 }],
    ['f.V % f.H == 0', { H: 0 }],
    ['votes["9"] > 0', {}],
    ['f.n[5] > 0', { n: [1, 2] }],
    ['f.C * 9223372036854775807 > 0', {}],
  ] as const)('%s is the error finding rule-failed', (expression, figures) => {
    expect(outcome(expression, figures)).toBe('failed rule-1');
  });

  it('says nothing about other rules of the sheet', () => {
    const { book, contest } = electionWith('f.V / f.H > 0', 'f.V <= f.C');
    expect(book.check(contest, sheet({ H: 0, V: 101 }), undefined)).toEqual([
      { rule: 'rule-failed', severity: 'error', about: 'rule-1' },
      { rule: 'rule-2', severity: 'error' },
    ]);
  });
});

describe('rules that use other', () => {
  const councilSheet = [80, 70, NOT_STATED, 60, NOT_STATED, NOT_STATED, NOT_STATED, NOT_STATED, 30, 30];

  it('look at the sheet of another body, as warnings, and apart from the rest', () => {
    const { book, contest, other } = electionWith('f.C <= other.council.C', 'f.V <= f.C');
    expect(book.check(contest, sheet({}), undefined)).toEqual([]);
    const others = new Map([['council', { contest: other, figures: councilSheet }]]);
    expect(book.checkOther(contest, sheet({}), undefined, others)).toEqual([{ rule: 'rule-1', severity: 'warning' }]);
    expect(book.checkOther(contest, sheet({ C: 80, V: 99 }), undefined, others)).toEqual([]);
  });

  it('do not apply without that sheet, or without its field', () => {
    const { book, contest, other } = electionWith(
      'f.C < other["council"]["C"]',
      'f.C < other.council.X',
      'has(other.council) || f.C < 0',
    );
    expect(book.checkOther(contest, sheet({}), undefined, new Map())).toEqual([
      { rule: 'rule-3', severity: 'warning' },
    ]);
    const others = new Map([['council', { contest: other, figures: councilSheet }]]);
    expect(book.checkOther(contest, sheet({ C: 10 }), undefined, others)).toEqual([]);
    expect(book.checkOther(other, councilSheet, undefined, others)).toEqual([{ rule: 'rule-3', severity: 'warning' }]);
  });

  it('forget the other sheet of the call before', () => {
    const { book, contest, other } = electionWith('f.C <= other.council.C');
    const others = new Map([['council', { contest: other, figures: councilSheet }]]);
    expect(book.checkOther(contest, sheet({}), undefined, others)).toHaveLength(1);
    expect(book.checkOther(contest, sheet({}), undefined, new Map())).toEqual([]);
  });
});

describe('the rule book', () => {
  it('knows its rules and says which they are', () => {
    const { book } = electionWith('f.V <= f.C');
    expect(book.rule('rule-1')).toMatchObject({ form: 'count', fields: ['V', 'C'], message: { en: 'No.' } });
    expect(book.rule('rule-2')).toBeUndefined();
    expect(book.version).toMatch(/^rules:[0-9a-f]{8}$/);
    expect(electionWith('f.V < f.C').book.version).not.toBe(book.version);
    expect(electionWith().book.version).toBe('none');
  });

  it('knows what a share is a share of', () => {
    const shareOf = (expression: string | undefined, sums: readonly number[]) => {
      const result = readSample({
        'election.json':
          expression === undefined
            ? (text) => text.replace('"role": "valid", ', '')
            : replaced('"fields": [', `"shareOf": "${expression}", "fields": [`),
      });
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      const election = buildElection(result.definition, result.digest);
      return compileRules(election).shareOf(election.contest('na-1')!, sums);
    };
    const { book, contest } = electionWith();
    expect(book.shareOf(contest, sheet({}))).toBe(80);
    expect(book.shareOf(contest, sheet({ H: 0 }))).toBeUndefined();
    expect(shareOf(undefined, sheet({}))).toBe(120);
    expect(shareOf('f.V - f.X', sheet({ X: 5 }))).toBe(85);
    expect(shareOf('f.V - f.X', sheet({}))).toBeUndefined();
    expect(shareOf('f.V / f.H', sheet({ H: 0 }))).toBeUndefined();
    expect(shareOf('sum * seats', sheet({}))).toBe(240);
  });
});

describe('a rule is refused, with its place,', () => {
  /** The rule stands on line 2, its expression begins at column 68. */
  function refused(expect: string): string[] {
    const text = `{ "rules": [\n  {"id":"a","form":"count","severity":"error","message":"m","expect":${JSON.stringify(expect)}}\n] }`;
    return problemsOf({ 'rules.json': text }).map(({ line, column, code }) => `${line}:${(column ?? 0) - 71} ${code}`);
  }

  it.each([
    ['f.V <=', '2:6 rule-syntax'],
    ['f.V <= f.C)', '2:10 rule-syntax'],
    ['f.V = f.C', '2:4 rule-syntax'],
    ['f.null == 1', '2:2 rule-syntax'],
    ['f.V + f.C', '2:0 rule-type'],
    ['"yes"', '2:0 rule-type'],
    ['f.V <= "100"', '2:0 rule-type'],
    ['f.V <= f.Z', '2:9 unknown-field'],
    ['"\\"" == "" || f.Z > 1', '2:22 unknown-field'],
    ['f["Z"] > 0', '2:0 unknown-field'],
    ['f.ended > 0', '2:2 unknown-field'],
    ['f["n.1"] > 0', '2:0 unknown-field'],
    ['has(f.Z)', '2:6 unknown-field'],
    ['f.V <= voters', '2:7 rule-type'],
    ['average(f.n) > 1', '2:0 rule-type'],
    ['total(f.V) > 1', '2:0 rule-type'],
    ['f.n > 1', '2:0 rule-type'],
    ['other.senate.C == f.C', '2:13 unknown-body'],
    ['other.council.Z == f.C', '2:14 unknown-field'],
    ['other.council == f.C', '2:0 field-expected'],
    ['f == f', '2:0 field-expected'],
    ['f["C" + "V"] > 0', '2:0 field-expected'],
    ['votes[1] > 0', '2:6 wrong-type'],
    ['votes.all(f, votes[f] > 0)', '2:10 name-taken'],
    ['"aaaa".matches("(a+)+$")', '2:0 rule-too-costly'],
    ['f.n.all(a, f.n.all(b, f.n.all(c, a + b + c > 0)))', '2:22 rule-too-costly'],
    ['!'.repeat(5000), '2:0 rule-too-long'],
    ['('.repeat(200), '2:50 rule-syntax'],
  ])('%s', (expression, expected) => {
    expect(refused(expression)[0]).toBe(expected);
  });

  it('with every unknown field of it', () => {
    expect(refused('f.Y <= f.Z')).toEqual(['2:2 unknown-field', '2:9 unknown-field']);
  });

  it('where anything else of it is wrong', () => {
    const rule = (from: string, to: string) =>
      problemsOf({ 'rules.json': replaced(from, to) }).map(({ line, column, code }) => `${line}:${column} ${code}`);
    expect(rule('"id": "voted", "form": "count"', '"id": "voted", "form": "tally"')).toEqual(['2:28 unknown-form']);
    expect(rule('"id": "voted"', '"id": "rule-failed"')).toEqual(['2:11 name-taken']);
    expect(rule('"id": "voted"', '"id": "lists"')).toEqual(['4:3 duplicate-id']);
    expect(rule('"message": "Too many voted."', '"message": { "fr": "Trop." }')).toEqual(['3:42 unknown-language']);
    expect(rule('"message": "Too many voted."', '"message": "m", "fields": ["V", "Q"]')).toEqual([
      '3:61 unknown-field',
    ]);
    expect(rule('"message": "Too many voted."', '"advice": { "clerk": "Look." }')).toEqual(['2:3 missing']);
    expect(rule('"message": "Too many voted."', '"message": "m", "advice": { "voter": "Look." }')).toEqual([
      '3:57 unknown-field',
    ]);
    expect(
      rule(
        '"id": "voted", "form": "count", "severity": "error"',
        '"id": "voted", "form": "count", "severity": "fatal"',
      ),
    ).toEqual(['2:49 unknown-word']);
    expect(rule('"rules": [', '"rulez": [')).toEqual(['1:1 missing', '1:3 unknown-field']);
  });
});
