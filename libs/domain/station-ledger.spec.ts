import { describe, expect, it } from '@jest/globals';
import type { Contest } from './election.ts';
import { type EventData, makeEvent } from './events.ts';
import { figureLayout } from './figures.ts';
import type { Finding } from './findings.ts';
import { type SheetState, UNTOUCHED } from './sheet.ts';
import {
  evolveSheet,
  type SheetContext,
  type SheetEvent,
  type SheetEventType,
  type SheetOutcome,
} from './station-ledger.ts';

const form = { fields: [{ id: 'H', name: { en: 'Valid' } }] };
const contest = { layout: figureLayout(form, 1, [{ contest: 'c', number: '1', name: 'A' }]) } as Contest;
const head = {
  id: '00000000-0000-4000-8000-000000000000',
  election: 'e',
  subject: 's/c',
  time: '2021-05-23T20:00:00Z',
  definition: 'd',
};
const error: Finding = { rule: 'r', severity: 'error' };

class Ledger {
  state: SheetState = UNTOUCHED;
  last: SheetOutcome | null = null;
  #offset = 0;
  readonly #context: Partial<SheetContext>;

  constructor(context: Partial<SheetContext> = {}) {
    this.#context = context;
  }

  when<T extends SheetEventType>(type: T, data: Omit<EventData[T], 'seen'> & { seen?: unknown }, by = 'clerk'): this {
    this.#offset += 1;
    const seen = { revision: this.state.revision, offset: this.state.offset };
    const event = makeEvent(type, head, { seen, ...data, actor: { id: by, role: 'clerk', unit: 's' } } as never);
    const context: SheetContext = {
      contest,
      entry: 'single',
      holdOn: 'error',
      closed: false,
      offset: this.#offset,
      ...this.#context,
    };
    this.last = evolveSheet(this.state, event as SheetEvent, context);
    if (this.last.outcome === 'accepted') this.state = this.last.state;
    return this;
  }

  submit(
    votes: number,
    expectedRevision?: number,
    more: { findings?: Finding[]; by?: string; reason?: string } = {},
  ): this {
    const sheet = {
      station: 's',
      contest: 'c',
      fields: { H: votes },
      votes: { '1': votes },
      expectedRevision,
      reason: more.reason ?? 'why',
    };
    return this.when('tally.sheet.submitted.v1', { sheet, findings: more.findings ?? [] }, more.by);
  }

  get rejection(): string | null {
    return this.last?.outcome === 'rejected' ? this.last.code : null;
  }

  get stands(): number | undefined {
    return this.state.standing?.figures[0];
  }
}

describe('the life of a sheet', () => {
  it('is accepted, corrected, and refuses a stale revision', () => {
    const sheet = new Ledger().submit(10, 0).submit(11, 1);
    expect(sheet.state).toMatchObject({ revision: 2, status: 'accepted' });
    expect(sheet.stands).toBe(11);
    expect(sheet.submit(12, 1).rejection).toBe('stale-revision');
    expect(sheet.stands).toBe(11);
  });

  it('asks for a reason from revision 2 on', () => {
    expect(new Ledger().submit(10, 0).submit(11, 1, { reason: ' ' }).rejection).toBe('reason-required');
  });

  it('holds what a rule finds wrong, beside what stands, until it is released or returned', () => {
    const held = new Ledger().submit(10, 0).submit(99, 1, { findings: [error] });
    expect(held.state).toMatchObject({ status: 'held', heldFor: ['rules'] });
    expect(held.stands).toBe(10);
    expect(held.when('tally.sheet.released.v1', { reason: 'board' }, 'reviewer').stands).toBe(99);
    const returned = new Ledger()
      .submit(10, 0, { findings: [error] })
      .when('tally.sheet.returned.v1', { reason: 'recount' });
    expect(returned.state).toMatchObject({ status: 'returned', standing: null });
  });

  it('is verified by another person than entered it; its correction is held for a second person', () => {
    const sheet = new Ledger().submit(10, 0);
    expect(sheet.when('tally.sheet.verified.v1', {}, 'clerk').rejection).toBe('same-person');
    expect(sheet.when('tally.sheet.verified.v1', {}, 'verifier').state.status).toBe('verified');
    expect(sheet.submit(11, 1).state).toMatchObject({ status: 'held', heldFor: ['verified'], standingVerified: true });
    expect(sheet.when('tally.sheet.released.v1', { reason: 'r' }, 'clerk').rejection).toBe('same-person');
    expect(sheet.when('tally.sheet.released.v1', { reason: 'r' }, 'reviewer').stands).toBe(11);
  });

  it('counts nowhere once annulled, is not revived by its old file, and may be submitted anew', () => {
    const sheet = new Ledger().submit(10).when('tally.sheet.annulled.v1', { reason: 'order' });
    expect(sheet.state).toMatchObject({ status: 'annulled', standing: null });
    expect(sheet.submit(10).rejection).toBe('unchanged');
    expect(sheet.submit(11).state).toMatchObject({ revision: 2, status: 'accepted' });
  });

  it('gives three revisions to files A, B, A', () => {
    expect(new Ledger().submit(1).submit(2).submit(1).state.revision).toBe(3);
  });

  it('holds a sheet of a sealed count, and releases it only after unsealing', () => {
    const sheet = new Ledger().when('tally.count.sealed.v1', { reason: 'R > V' }).submit(10, 0);
    expect(sheet.state).toMatchObject({ status: 'held', heldFor: ['sealed'], sealed: true });
    expect(sheet.when('tally.sheet.released.v1', { reason: 'r' }, 'reviewer').rejection).toBe('sealed');
    sheet.when('tally.count.unsealed.v1', { reason: 'board' }, 'reviewer');
    expect(sheet.when('tally.sheet.released.v1', { reason: 'r' }, 'reviewer').state.status).toBe('accepted');
  });

  it('refuses an act on a state that was not seen', () => {
    const sheet = new Ledger().submit(10, 0);
    expect(sheet.when('tally.sheet.annulled.v1', { seen: { revision: 1, offset: 0 }, reason: 'r' }).rejection).toBe(
      'precondition-failed',
    );
  });
});

describe('double entry', () => {
  const double = { entry: 'double' } as const;

  it('accepts two equal entries of two people', () => {
    const sheet = new Ledger(double).submit(10, 0, { by: 'a' });
    expect(sheet.state.status).toBe('awaiting-second');
    expect(sheet.submit(10, 0, { by: 'a' }).rejection).toBe('same-person');
    expect(sheet.submit(10, 0, { by: 'b' }).state).toMatchObject({ status: 'accepted', revision: 1 });
    expect(sheet.when('tally.sheet.verified.v1', {}, 'b').rejection).toBe('same-person');
  });

  it('disputes differing entries until resolved with figures that were entered', () => {
    const sheet = new Ledger(double).submit(10, 0, { by: 'a' }).submit(12, 0, { by: 'b' });
    expect(sheet.state).toMatchObject({ status: 'disputed', standing: null });
    const decide = (value: number) =>
      sheet.when(
        'tally.sheet.resolved.v1',
        { fields: { H: value }, votes: { '1': value }, findings: [], reason: 'paper' },
        'r',
      );
    expect(decide(11).rejection).toBe('figure-not-entered');
    expect(decide(12).stands).toBe(12);
  });
});
