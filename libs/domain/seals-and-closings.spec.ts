/** Counts that are sealed, stations that are closed, and corrections of what is verified, through the fold. */
import { describe, expect, it } from '@jest/globals';
import { type By, figuresOf, type Seen, type Submission } from '../../test/kit/author.ts';
import { Desk } from '../../test/kit/desk.ts';
import { electionOf, town } from '../../test/kit/elections.ts';
import { type Definition, PROGRESS_COUNTS, type SheetState } from './index.ts';

const at = (more: Partial<Definition> = {}): Desk => new Desk(electionOf(town(more)));
const enter = (desk: Desk, n: number, more: Submission = {}): string =>
  desk.when((author) => author.submit('A-1', 'all', figuresOf(author.election, 'all', n), more));
type ActVerb = Parameters<Desk['author']['act']>[0];
const act = (desk: Desk, verb: ActVerb, more: By & { seen?: Seen } = {}): string =>
  desk.when((author) => author.act(verb, 'A-1', 'all', { by: 'rita', ...more }));
const state = (desk: Desk): SheetState => desk.sheet('A-1', 'all')!.state;

/** The progress numbers of a contest at a unit that are not 0. */
function progress(desk: Desk, unit = 'P', contest = 'all'): Record<string, number> {
  const counts = desk.totals(unit, contest)!.progress;
  return Object.fromEntries(PROGRESS_COUNTS.flatMap((name, i) => (counts[i] ? [[name, counts[i]]] : [])));
}

describe('a sealed count', () => {
  it('is sealed before any figures, once, and unsealed with the board’s decision', () => {
    const desk = at();
    expect(act(desk, 'count.unsealed')).toBe('not-allowed');
    expect(act(desk, 'count.sealed')).toBe('none');
    expect(progress(desk)).toEqual({ sealed: 1 });
    expect(act(desk, 'count.sealed')).toBe('not-allowed');
    expect(act(desk, 'count.unsealed')).toBe('none');
    expect(progress(desk)).toEqual({});
    expect(enter(desk, 1)).toBe('accepted');
    expect(act(desk, 'count.sealed')).toBe('not-allowed');
  });

  it('may name the state that its sender saw, or none', () => {
    const desk = at();
    expect(act(desk, 'count.sealed', { seen: 'other-offset' })).toBe('precondition-failed');
    expect(act(desk, 'count.sealed', { seen: 'nothing' })).toBe('none');
    expect(act(desk, 'count.unsealed', { seen: 'older' })).toBe('precondition-failed');
    expect(act(desk, 'count.unsealed', { seen: 'nothing' })).toBe('none');
  });

  it('holds every sheet until it is unsealed; who releases it then decides', () => {
    const desk = at();
    act(desk, 'count.sealed');
    expect(enter(desk, 1)).toBe('held');
    expect(state(desk)).toMatchObject({ heldFor: ['sealed'], sealed: true });
    expect(progress(desk)).toEqual({ received: 1, held: 1, sealed: 1 });
    expect(act(desk, 'sheet.released')).toBe('sealed');
    expect(act(desk, 'count.unsealed')).toBe('held');
    expect(progress(desk)).toEqual({ received: 1, held: 1 });
    expect(act(desk, 'sheet.released')).toBe('accepted');
    expect(progress(desk)).toEqual({ received: 1, counted: 1, registeredCounted: 100 });
  });

  it('is returned or annulled without being unsealed, and holds what comes then', () => {
    const desk = at();
    act(desk, 'count.sealed');
    enter(desk, 1);
    expect(act(desk, 'sheet.returned')).toBe('returned');
    expect(enter(desk, 2)).toBe('held');
    expect(act(desk, 'sheet.annulled')).toBe('annulled');
    expect(enter(desk, 3)).toBe('held');
    expect(state(desk)).toMatchObject({ revision: 3, heldFor: ['sealed'] });
  });

  it('can be sealed again once its sheet is annulled', () => {
    const desk = at();
    enter(desk, 1);
    act(desk, 'sheet.annulled');
    expect(act(desk, 'count.sealed')).toBe('annulled');
    expect(enter(desk, 2)).toBe('held');
  });

  it('holds two equal entries as well, not a first one', () => {
    const desk = at({ entry: 'double' });
    act(desk, 'count.sealed');
    expect(enter(desk, 1, { by: 'ann' })).toBe('awaiting-second');
    expect(enter(desk, 1, { by: 'ben', expects: 0 })).toBe('held');
    expect(state(desk).heldFor).toEqual(['sealed']);
  });

  it('holds also where no rule holds', () => {
    const desk = at({ holdOn: 'never' });
    act(desk, 'count.sealed');
    expect(enter(desk, 4)).toBe('held');
    expect(state(desk).heldFor).toEqual(['sealed']);
  });
});

describe('findings', () => {
  // Figures 4 come with an error, 6 with a warning, 34 with both.
  it.each([
    ['error', 'held', 'accepted', 'held'],
    ['warning', 'held', 'held', 'held'],
    ['never', 'accepted', 'accepted', 'accepted'],
  ] as const)('hold from %s on', (holdOn, onError, onWarning, onBoth) => {
    expect([4, 6, 34].map((n) => enter(at({ holdOn }), n))).toEqual([onError, onWarning, onBoth]);
  });

  it('of acknowledged rules hold all the same', () => {
    const desk = at();
    const figures = figuresOf(desk.author.election, 'all', 4);
    const sheet = { station: 'A-1', contest: 'all', expectedRevision: 0, acknowledged: ['hard'], ...figures };
    const sent = { ...sheet, findings: undefined };
    const data = { sheet: sent, findings: figures.findings ?? [] };
    expect(desk.when((author) => author.write('tally.sheet.submitted.v1', 'A-1/all', 'A-1', data))).toBe('held');
  });
});

describe('a verified sheet', () => {
  const verified = (): Desk => {
    const desk = at();
    enter(desk, 1, { by: 'ann' });
    expect(act(desk, 'sheet.verified', { by: 'vic' })).toBe('verified');
    return desk;
  };
  const counted = (desk: Desk): (number | undefined)[] => {
    const { provisional, verified: signed, all } = desk.totals('P', 'all')!;
    return [provisional, signed, all].map(({ sheets, sums }) => (sheets > 0 ? sums[0] : undefined));
  };

  it('goes on counting while its correction is held, in every track but `all`', () => {
    const desk = verified();
    expect(enter(desk, 2, { by: 'ann' })).toBe('held');
    expect(counted(desk)).toEqual([37, 37, 74]);
    expect(progress(desk)).toEqual({ received: 1, counted: 1, verified: 1, held: 1, registeredCounted: 100 });
  });

  it('is corrected once another person releases it, and is not verified then', () => {
    const desk = verified();
    enter(desk, 2, { by: 'ann' });
    expect(act(desk, 'sheet.released', { by: 'ann' })).toBe('same-person');
    expect(act(desk, 'sheet.released', { by: 'ben' })).toBe('accepted');
    expect(counted(desk)).toEqual([74, undefined, 74]);
    expect(act(desk, 'sheet.verified', { by: 'vic' })).toBe('verified');
    expect(counted(desk)).toEqual([74, 74, 74]);
  });

  it('keeps counting when its correction is returned, and holds the next one too', () => {
    const desk = verified();
    enter(desk, 2);
    expect(act(desk, 'sheet.returned')).toBe('returned');
    expect(counted(desk)).toEqual([37, 37, 37]);
    expect(progress(desk)).toEqual({ received: 1, counted: 1, verified: 1, returned: 1, registeredCounted: 100 });
    expect(enter(desk, 3)).toBe('held');
    expect(state(desk).heldFor).toEqual(['verified']);
  });

  it('counts nowhere once annulled; what comes then is a sheet like any other', () => {
    const desk = verified();
    enter(desk, 2);
    act(desk, 'sheet.annulled');
    expect(counted(desk)).toEqual([undefined, undefined, undefined]);
    expect(progress(desk)).toEqual({ annulled: 1 });
    expect(enter(desk, 3)).toBe('accepted');
  });

  it('names every reason to hold a correction', () => {
    const desk = verified();
    desk.when((author) => author.close('A-1'));
    expect(enter(desk, 4)).toBe('held');
    expect(state(desk).heldFor).toEqual(['rules', 'closed', 'verified']);
  });
});

describe('a closed station', () => {
  const close = (desk: Desk, more: By & { into?: string } = {}): string =>
    desk.when((author) => author.close('A-1', more));

  it('is closed in all its contests, moves no figure, and stays among the stations', () => {
    const desk = at();
    enter(desk, 1);
    expect(close(desk, { into: 'A-2' })).toBe('accepted');
    expect(desk.last.changes.map(({ contest, before, after }) => [contest, before?.closed, after.closed])).toEqual([
      ['all', false, true],
      ['east', undefined, true],
    ]);
    expect(progress(desk)).toEqual({ received: 1, counted: 1, closed: 1, registeredCounted: 100 });
    expect(progress(desk, 'A', 'east')).toEqual({ closed: 1 });
    expect(desk.totals('P', 'all')!.provisional.sums[0]).toBe(37);
  });

  it('is closed once, and into another station', () => {
    const desk = at();
    expect(['A-1', 'A', 'nowhere'].map((into) => close(desk, { into }))).toEqual([
      'unknown-station',
      'unknown-station',
      'unknown-station',
    ]);
    expect(close(desk)).toBe('accepted');
    expect(close(desk)).toBe('not-allowed');
    expect(desk.when((author) => author.close('A'))).toBe('unknown-station');
  });

  it('holds sheets that come afterwards, until a person releases them', () => {
    const desk = at();
    close(desk);
    expect(enter(desk, 1)).toBe('held');
    expect(state(desk).heldFor).toEqual(['closed']);
    expect(act(desk, 'sheet.released')).toBe('accepted');
    expect(progress(desk)).toEqual({ received: 1, counted: 1, closed: 1, registeredCounted: 100 });
    expect(act(desk, 'sheet.verified', { by: 'vic' })).toBe('verified');
  });

  it('changes the state that a sender of an act saw', () => {
    const desk = at();
    enter(desk, 1);
    const seen = desk.author.seen('A-1', 'all')!;
    close(desk);
    const data = { seen, reason: 'r' };
    const annul = (): string =>
      desk.when((author) => author.write('tally.sheet.annulled.v1', 'A-1/all', 'A-1', data, { role: 'certifier' }));
    expect(annul()).toBe('precondition-failed');
    expect(act(desk, 'sheet.annulled')).toBe('annulled');
  });

  it('remembers ids as a sheet does', () => {
    const desk = at();
    const id = '22222222-2222-4222-8222-222222222222';
    close(desk, { id });
    expect(close(desk, { id })).toBe('repeat');
    expect(close(desk, { id, into: 'A-2' })).toBe('idempotency-conflict');
  });
});
