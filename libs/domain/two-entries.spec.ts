/** Double entry, corrections and bulk imports, through the fold with the bytes of the log. */
import { describe, expect, it } from '@jest/globals';
import { type Figures, figuresOf, type Submission } from '../../test/kit/author.ts';
import { Desk } from '../../test/kit/desk.ts';
import { electionOf, town } from '../../test/kit/elections.ts';
import type { Definition, SheetState } from './index.ts';

class Sheet {
  readonly desk: Desk;
  constructor(more: Partial<Definition> = {}) {
    this.desk = new Desk(electionOf(town(more)));
  }

  /** Submits a sheet with so many votes for candidate 1; `wrong` breaks a rule. */
  enter(votes: number, more: Submission & { wrong?: boolean; spoiled?: number } = {}): string {
    return this.desk.when((author) => author.submit('A-1', 'all', this.figures(votes, more), more));
  }

  figures(votes: number, { wrong = false, spoiled }: { wrong?: boolean; spoiled?: number } = {}): Figures {
    const fields = { H: votes + 5, ...(spoiled !== undefined && { X: spoiled }) };
    return { fields, votes: { 1: votes, 2: 5 }, findings: wrong ? [{ rule: 'sum', severity: 'error' }] : [] };
  }

  decide(figures: Figures, by = 'rita'): string {
    return this.desk.when((author) => author.resolve('A-1', 'all', figures, { by }));
  }

  act(verb: Parameters<Desk['author']['act']>[0], by = 'rita'): string {
    return this.desk.when((author) => author.act(verb, 'A-1', 'all', { by }));
  }

  get state(): SheetState {
    return this.desk.sheet('A-1', 'all')!.state;
  }

  /** Votes of candidate 1 in the country, by track; undefined where no sheet counts. */
  get counted(): Record<string, number | undefined> {
    const { provisional, verified, all } = this.desk.totals('P', 'all')!;
    const of = ({ sheets, sums }: typeof all): number | undefined => (sheets > 0 ? sums[2] : undefined);
    return { provisional: of(provisional), verified: of(verified), all: of(all) };
  }
}

const asDouble = { entry: 'double' } as const;

describe('double entry', () => {
  it('counts nothing before the second entry', () => {
    const sheet = new Sheet(asDouble);
    expect(sheet.enter(7, { by: 'ann' })).toBe('awaiting-second');
    expect(sheet.counted).toEqual({ provisional: undefined, verified: undefined, all: undefined });
    expect(sheet.desk.totals('P', 'all')!.progress.slice(0, 6)).toEqual([1, 0, 0, 0, 0, 1]);
    expect(sheet.enter(7, { by: 'ben', expects: 0 })).toBe('accepted');
    expect(sheet.counted).toEqual({ provisional: 7, verified: undefined, all: 7 });
    expect(sheet.state).toMatchObject({ revision: 1, newest: { by: ['ann', 'ben'] } });
  });

  it('takes neither the first person nor a late third one for the second', () => {
    const sheet = new Sheet(asDouble);
    sheet.enter(7, { by: 'ann' });
    expect(sheet.enter(8, { by: 'ann', expects: 0 })).toBe('same-person');
    sheet.enter(7, { by: 'ben', expects: 0 });
    expect(sheet.enter(7, { by: 'cas', expects: 0 })).toBe('stale-revision');
  });

  it('lets the first person correct the own entry, which waits anew', () => {
    const sheet = new Sheet(asDouble);
    sheet.enter(7, { by: 'ann' });
    expect(sheet.enter(8, { by: 'ann', expects: 1 })).toBe('awaiting-second');
    expect(sheet.enter(8, { by: 'ben', expects: 1 })).toBe('accepted');
    expect(sheet.state).toMatchObject({ revision: 2, status: 'accepted' });
  });

  it('holds what both entered and a rule finds wrong', () => {
    const sheet = new Sheet(asDouble);
    sheet.enter(7, { by: 'ann', wrong: true });
    expect(sheet.enter(7, { by: 'ben', expects: 0, wrong: true })).toBe('held');
    expect(sheet.counted).toEqual({ provisional: undefined, verified: undefined, all: 7 });
    expect(sheet.act('sheet.released')).toBe('accepted');
    expect(sheet.counted.provisional).toBe(7);
  });

  it('is verified by a third person only', () => {
    const sheet = new Sheet(asDouble);
    sheet.enter(7, { by: 'ann' });
    sheet.enter(7, { by: 'ben', expects: 0 });
    expect(['ann', 'ben', 'vic'].map((by) => sheet.act('sheet.verified', by))).toEqual([
      'same-person',
      'same-person',
      'verified',
    ]);
    expect(sheet.counted.verified).toBe(7);
  });

  it('is over once the figures are agreed on: a correction is one person’s, and stands at once', () => {
    const sheet = new Sheet(asDouble);
    sheet.enter(7, { by: 'ann' });
    sheet.enter(7, { by: 'ben', expects: 0 });
    expect(sheet.enter(9, { by: 'ann', cause: 'recount' })).toBe('accepted');
    expect(sheet.counted.provisional).toBe(9);
    expect(sheet.enter(10, { by: 'ann', reason: null })).toBe('reason-required');
  });

  it('begins anew after an annulment', () => {
    const sheet = new Sheet(asDouble);
    sheet.enter(7, { by: 'ann' });
    expect(sheet.act('sheet.annulled')).toBe('annulled');
    expect(sheet.enter(7, { by: 'ben', expects: 0 })).toBe('stale-revision');
    expect(sheet.enter(8, { by: 'ann', expects: 1 })).toBe('awaiting-second');
    expect(sheet.enter(8, { by: 'ben', expects: 1 })).toBe('accepted');
    expect(sheet.state.revision).toBe(2);
  });

  it('gives no act a hold on a sheet that waits', () => {
    const sheet = new Sheet(asDouble);
    sheet.enter(7, { by: 'ann' });
    for (const verb of ['sheet.released', 'sheet.returned', 'sheet.verified', 'count.sealed'] as const)
      expect(sheet.act(verb)).toBe('not-allowed');
  });
});

describe('two entries that differ', () => {
  const disputed = (): Sheet => {
    const sheet = new Sheet(asDouble);
    sheet.enter(7, { by: 'ann', spoiled: 1 });
    expect(sheet.enter(8, { by: 'ben', expects: 0 })).toBe('disputed');
    return sheet;
  };

  it('count nowhere, and keep both entries', () => {
    const sheet = disputed();
    expect(sheet.counted).toEqual({ provisional: undefined, verified: undefined, all: undefined });
    expect(sheet.state).toMatchObject({ newest: { by: ['ann'] }, second: { by: ['ben'] } });
    expect(sheet.desk.totals('P', 'all')!.progress.slice(0, 6)).toEqual([1, 0, 0, 0, 1, 0]);
  });

  it('differ also where only one states an optional field', () => {
    const sheet = new Sheet(asDouble);
    sheet.enter(7, { by: 'ann', spoiled: 0 });
    expect(sheet.enter(7, { by: 'ben', expects: 0 })).toBe('disputed');
  });

  it('are resolved field by field, with figures that were entered', () => {
    const sheet = disputed();
    const mixed = { ...sheet.figures(7), votes: sheet.figures(8).votes };
    expect(sheet.decide({ ...mixed, votes: { ...mixed.votes, 1: 9 } })).toBe('figure-not-entered');
    expect(sheet.decide({ ...mixed, fields: { H: 12, X: 2 } })).toBe('figure-not-entered');
    expect(sheet.decide({ ...mixed, fields: {} })).toBe('bad-structure');
    expect(sheet.decide(mixed)).toBe('accepted');
    expect(sheet.counted.provisional).toBe(8);
    expect(sheet.state).toMatchObject({ revision: 1, second: null, newest: { by: ['ann', 'ben', 'rita'] } });
  });

  it('can’t lose a time that both state', () => {
    const sheet = new Sheet(asDouble);
    const timed = (votes: number): Figures => {
      const { fields, ...rest } = sheet.figures(votes);
      return { ...rest, fields: { ...fields, T: '2021-05-23T21:00:00+07:00' } };
    };
    const enter = (votes: number, by: string): string =>
      sheet.desk.when((author) => author.submit('A-1', 'all', timed(votes), { by, expects: 0 }));
    enter(7, 'ann');
    enter(8, 'ben');
    expect(sheet.decide(sheet.figures(7))).toBe('figure-not-entered');
    expect(sheet.decide(timed(7))).toBe('accepted');
  });

  it('are held where the decision breaks a rule, and verified by nobody who had a hand in them', () => {
    const sheet = disputed();
    expect(sheet.decide(sheet.figures(8, { wrong: true }))).toBe('held');
    sheet.act('sheet.released');
    for (const by of ['ann', 'ben', 'rita']) expect(sheet.act('sheet.verified', by)).toBe('same-person');
    expect(sheet.act('sheet.verified', 'vic')).toBe('verified');
  });

  it('are not resolved twice, nor unseen', () => {
    const sheet = disputed();
    const { desk } = sheet;
    expect(desk.when((author) => author.resolve('A-1', 'all', sheet.figures(8), { seen: 'other-offset' }))).toBe(
      'precondition-failed',
    );
    sheet.decide(sheet.figures(8));
    expect(sheet.decide(sheet.figures(8))).toBe('not-allowed');
  });

  it('give way to a new entry, which needs a reason and a second one again', () => {
    const sheet = disputed();
    expect(sheet.enter(9, { by: 'ann', reason: null })).toBe('reason-required');
    expect(sheet.enter(9, { by: 'ann' })).toBe('awaiting-second');
    expect(sheet.state).toMatchObject({ revision: 2, second: null });
    expect(sheet.enter(9, { by: 'ben', expects: 1 })).toBe('accepted');
  });

  it('can be annulled', () => {
    const sheet = disputed();
    expect(sheet.act('sheet.annulled')).toBe('annulled');
    expect(sheet.state).toMatchObject({ second: null, standing: null });
  });
});

describe('a file imported', () => {
  const bulk = { expects: 'import' } as const;

  it('with the same figures changes nothing, as often as it comes', () => {
    const sheet = new Sheet();
    expect(sheet.enter(7, bulk)).toBe('accepted');
    expect(sheet.enter(7, bulk)).toBe('unchanged');
    expect(sheet.enter(7, { ...bulk, by: 'ben' })).toBe('unchanged');
    expect(sheet.state.revision).toBe(1);
  });

  it('as A, then B, then A again gives three revisions', () => {
    const sheet = new Sheet();
    for (const votes of [7, 8, 7]) sheet.enter(votes, bulk);
    expect(sheet.state.revision).toBe(3);
    expect(sheet.counted.provisional).toBe(7);
  });

  it('needs a reason only where it corrects', () => {
    const sheet = new Sheet();
    expect(sheet.enter(7, { ...bulk, reason: null })).toBe('accepted');
    expect(sheet.enter(7, { ...bulk, reason: null })).toBe('unchanged');
    expect(sheet.enter(8, { ...bulk, reason: null })).toBe('reason-required');
  });

  it('is compared with the newest revision, whatever became of it', () => {
    const sheet = new Sheet();
    sheet.enter(7, bulk);
    expect(sheet.enter(8, { ...bulk, wrong: true })).toBe('held');
    expect(sheet.enter(8, { ...bulk, wrong: true })).toBe('unchanged');
    sheet.act('sheet.returned');
    expect(sheet.enter(8, bulk)).toBe('unchanged');
    expect(sheet.counted).toEqual({ provisional: 7, verified: undefined, all: 7 });
    expect(sheet.enter(7, bulk)).toBe('accepted');
    expect(sheet.state.revision).toBe(3);
  });

  it('does not revive an annulled sheet, nor what is verified', () => {
    const annulled = new Sheet();
    annulled.enter(7, bulk);
    annulled.act('sheet.annulled');
    expect(annulled.enter(7, bulk)).toBe('unchanged');
    expect(annulled.enter(8, bulk)).toBe('accepted');

    const verified = new Sheet();
    verified.enter(7, bulk);
    verified.act('sheet.verified', 'vic');
    expect(verified.enter(7, bulk)).toBe('unchanged');
    expect(verified.enter(8, bulk)).toBe('held');
    expect(verified.counted).toEqual({ provisional: 7, verified: 7, all: 8 });
  });

  it('differs where an optional field is stated, or a time', () => {
    const sheet = new Sheet();
    sheet.enter(7, bulk);
    expect(sheet.enter(7, { ...bulk, spoiled: 0 })).toBe('accepted');
    const figures = figuresOf(sheet.desk.author.election, 'all', 0);
    const at = (T: string): Figures => ({ ...figures, fields: { ...figures.fields, T } });
    const send = (T: string): string => sheet.desk.when((author) => author.submit('A-1', 'all', at(T), bulk));
    expect(['2021-05-23T20:00:00Z', '2021-05-23T20:00:00Z', '2021-05-23T20:00:01Z'].map(send)).toEqual([
      'accepted',
      'unchanged',
      'accepted',
    ]);
  });

  it('is the second entry where another account imports it', () => {
    const sheet = new Sheet(asDouble);
    expect(sheet.enter(7, { ...bulk, by: 'ann' })).toBe('awaiting-second');
    expect(sheet.enter(7, { ...bulk, by: 'ann' })).toBe('unchanged');
    expect(sheet.enter(7, { ...bulk, by: 'ben' })).toBe('accepted');
    expect(sheet.enter(7, { ...bulk, by: 'ben' })).toBe('unchanged');
    expect(sheet.state.revision).toBe(1);
  });

  it('leaves a dispute that it brings no new figures to', () => {
    const sheet = new Sheet(asDouble);
    sheet.enter(7, { ...bulk, by: 'ann' });
    expect(sheet.enter(8, { ...bulk, by: 'ben' })).toBe('disputed');
    expect([7, 8].map((votes) => sheet.enter(votes, { ...bulk, by: 'cas' }))).toEqual(['unchanged', 'unchanged']);
    expect(sheet.enter(9, { ...bulk, by: 'cas' })).toBe('awaiting-second');
  });
});

describe('an id used again', () => {
  const id = '11111111-1111-4111-8111-111111111111';

  it('is a repeat with the same content, whatever happened since', () => {
    const sheet = new Sheet();
    sheet.enter(7, { id, expects: 0 });
    sheet.enter(8);
    expect(sheet.enter(7, { id, expects: 0 })).toBe('repeat');
    expect(sheet.desk.last).toMatchObject({ first: 1, revision: 2, status: 'accepted' });
    expect(sheet.counted.provisional).toBe(8);
  });

  it('is a repeat also where the rules found something else since', () => {
    const sheet = new Sheet();
    sheet.enter(7, { id, expects: 0 });
    expect(sheet.enter(7, { id, expects: 0, wrong: true })).toBe('repeat');
  });

  it('is a conflict with other content, by another account, or for another act', () => {
    const sheet = new Sheet();
    sheet.enter(7, { id, expects: 0 });
    expect(sheet.enter(8, { id, expects: 0 })).toBe('idempotency-conflict');
    expect(sheet.enter(7, { id, expects: 0, by: 'ben' })).toBe('idempotency-conflict');
    expect(sheet.enter(7, { id, expects: 1 })).toBe('idempotency-conflict');
    expect(sheet.desk.when((author) => author.act('sheet.annulled', 'A-1', 'all', { id }))).toBe(
      'idempotency-conflict',
    );
    expect(sheet.desk.last.first).toBe(1);
    expect(sheet.counted.provisional).toBe(7);
  });

  it('remembers a refusal too: what was refused once is not accepted under that id', () => {
    const sheet = new Sheet();
    expect(sheet.enter(7, { id, expects: 1 })).toBe('stale-revision');
    sheet.enter(6);
    expect(sheet.enter(7, { id, expects: 1 })).toBe('repeat');
    expect(sheet.counted.provisional).toBe(6);
  });

  it('means nothing to another sheet', () => {
    const { desk } = new Sheet();
    const send = (station: string, contest: string): string =>
      desk.when((author) => author.submit(station, contest, figuresOf(author.election, contest, 1), { id }));
    expect([send('A-1', 'all'), send('A-2', 'all'), send('A-1', 'east')]).toEqual(['accepted', 'accepted', 'accepted']);
  });
});
