/**
 * The fold of one shard: attempts in order, each accepted or rejected, into sheets and parts of totals.
 *
 * A function of (definition, log prefix) alone. The container is mutable for speed; what it hands out are values.
 */
import type { ContestId, StationCode } from './definition.ts';
import { deviceIdOf, readDeviceKey } from './devices.ts';
import type { Contest, Election, Unit } from './election.ts';
import { homeOfSubject, type SubjectEvent } from './event-home.ts';
import { type AnyEvent, contentDigest, decodeEvent } from './events.ts';
import type { RejectionCode } from './rejections.ts';
import { type RestingSheet, RestingSheets } from './resting-sheets.ts';
import { SeenIds } from './seen-ids.ts';
import {
  type SheetChange,
  type SheetState,
  type SheetStatus,
  type SheetView,
  UNTOUCHED,
  UNTOUCHED_VIEW,
  viewOf,
} from './sheet.ts';
import { readFigures } from './sheet-structure.ts';
import { evolveSheet, isSheetEvent, type SheetEvent } from './station-ledger.ts';
import { type Accumulator, addSheet, copyTotals, emptyTotals, type NodeTotals } from './totals.ts';

/** Changes when the fold would give other documents for the same log, or they are filed otherwise; read models name the fold that made them. */
export const FOLD_VERSION = '3';

/** A record as the fold needs it. */
export interface FoldRecord {
  readonly offset: number;
  /** null: that which its event gives (a log that is handed out names only keys that differ). */
  readonly key: string | null;
  readonly value: Uint8Array;
}

/** What the fold says of one record. */
export interface Folded {
  readonly offset: number;
  /** null where the record could not be read. */
  readonly event: AnyEvent | null;
  readonly outcome: 'accepted' | 'rejected';
  readonly rejection?: RejectionCode;
  readonly detail?: string;
  /** With `repeat` and `idempotency-conflict`: offset of the first attempt with the id. */
  readonly first?: number;
  readonly station?: StationCode;
  readonly contest?: ContestId;
  readonly revision?: number;
  readonly status?: SheetStatus;
  readonly changes: readonly SheetChange[];
}

export interface FoldedSheet {
  readonly station: StationCode;
  readonly contest: ContestId;
  readonly closed: boolean;
  readonly state: SheetState;
  /** Offset of the last change of the sheet or of its station. */
  readonly offset: number;
}

/** A shard's part of a node's totals. */
export interface FoldedPart {
  readonly unit: string;
  readonly contest: ContestId;
  readonly offset: number;
  readonly changes: number;
  readonly totals: NodeTotals;
}

interface SheetSlot {
  readonly station: Unit;
  readonly contest: Contest;
  /** null while the sheet rests. */
  state: SheetState | null;
  /** The state as it was when the sheet last came to rest. */
  resting: RestingSheet | null;
  /** Head of the chain of seen ids, -1 for none. */
  seen: number;
  /** Offset of the last change of its view. */
  offset: number;
}

interface PartSlot {
  readonly unit: Unit;
  readonly contest: Contest;
  readonly totals: Accumulator;
  offset: number;
  changes: number;
}

/** Contest or unit that an event concerns beside sheets. */
interface SubjectSlot {
  seen: number;
  certified: boolean;
  readonly withdrawn: Set<string>;
  /** Devices that were enrolled for the unit, and whether they are still. */
  readonly devices: Map<string, boolean>;
}

const NO_CHANGES: readonly SheetChange[] = [];

export class ShardFold {
  readonly shard: number;
  readonly #election: Election;
  readonly #stateEvery: number | null;
  readonly #sheets = new Map<number, SheetSlot>();
  readonly #parts = new Map<number, PartSlot>();
  readonly #closed = new Set<Unit>();
  readonly #subjects = new Map<string, SubjectSlot>();
  readonly #seen = new SeenIds();
  readonly #resting = new RestingSheets();
  /** Sheets whose state is at hand: they come to rest with the next `discard`. */
  readonly #awake = new Set<SheetSlot>();
  readonly #touchedSheets = new Set<SheetSlot>();
  readonly #touchedParts = new Set<PartSlot>();
  #states: FoldedPart[] = [];
  #opened = false;
  #next = 0;

  /**
   * `stateEvery`: a full state of a part is handed out at every so many of its changes. null: no parts are kept, for
   * who adds up what the sheets are in the end.
   */
  constructor(election: Election, shard: number, stateEvery: number | null) {
    this.#election = election;
    this.shard = shard;
    this.#stateEvery = stateEvery;
  }

  /** Whether the shard's own `opened` has been folded. */
  get opened(): boolean {
    return this.#opened;
  }

  /** The next offset to fold. */
  get next(): number {
    return this.#next;
  }

  /** Folds the next record. Records come in order, each once. */
  fold(record: FoldRecord): Folded {
    if (record.offset !== this.#next)
      throw new RangeError(`shard ${this.shard}: offset ${record.offset} after ${this.#next - 1}`);
    this.#next += 1;
    const decoded = decodeEvent(record.value);
    if (!decoded.ok) return reject(record.offset, null, 'unreadable', { detail: decoded.why });
    const { event } = decoded;
    const { definition, digest } = this.#election;
    if (event.tallydefinition !== digest || event.source !== `/elections/${definition.id}`)
      return reject(record.offset, event, 'other-definition');
    if (event.type === 'tally.election.opened.v1') return this.#open(record.offset, event);
    if (!this.#opened) return reject(record.offset, event, 'not-open');
    if (isSheetEvent(event)) return this.#foldSheet(record, event);
    return this.#foldSubject(record, event);
  }

  /** Sheets and parts changed since the last call, and the full states that fell due; then forgets them. */
  drain(): { sheets: FoldedSheet[]; parts: FoldedPart[]; states: FoldedPart[] } {
    const sheets = [...this.#touchedSheets].map((slot) => this.#sheetOf(slot));
    const parts = [...this.#touchedParts].map(partOf);
    const states = this.#states;
    this.discard();
    return { sheets, parts, states };
  }

  /** What a sheet is now, null where nothing has changed it. */
  view(station: Unit, contest: Contest): SheetView | null {
    const slot = this.#sheets.get(this.#keyOf(station, contest));
    return slot && slot.offset > 0 ? this.#viewOf(slot) : null;
  }

  /** Every sheet that something has changed, as it is now. */
  *views(): Generator<{ readonly station: Unit; readonly contest: Contest; readonly view: SheetView }> {
    for (const slot of this.#sheets.values())
      if (slot.offset > 0) yield { station: slot.station, contest: slot.contest, view: this.#viewOf(slot) };
  }

  #viewOf({ state, resting, station, contest }: SheetSlot): SheetView {
    return viewOf(state ?? this.#resting.wake(resting!, contest.layout.length), this.#closed.has(station));
  }

  /** Forgets what changed since the last `drain` without handing it out. */
  discard(): void {
    this.#touchedSheets.clear();
    this.#touchedParts.clear();
    this.#states = [];
    for (const slot of this.#awake) {
      const resting = this.#resting.rest(slot.state!, slot.resting);
      if (!resting) continue;
      slot.resting = resting;
      slot.state = null;
    }
    this.#awake.clear();
  }

  #stateOf(slot: SheetSlot): SheetState {
    this.#awake.add(slot);
    slot.state ??= this.#resting.wake(slot.resting!, slot.contest.layout.length);
    return slot.state;
  }

  #sheetOf(slot: SheetSlot): FoldedSheet {
    return {
      station: slot.station.code,
      contest: slot.contest.id,
      closed: this.#closed.has(slot.station),
      state: this.#stateOf(slot),
      offset: slot.offset,
    };
  }

  #open(offset: number, event: AnyEvent): Folded {
    if (this.#opened) return reject(offset, event, 'not-allowed', { detail: 'the shard is open already' });
    const { id, shards } = event.data as { id: string; shards: number };
    const { definition } = this.#election;
    if (id !== definition.id || shards !== definition.shards) return reject(offset, event, 'other-definition');
    this.#opened = true;
    return { offset, event, outcome: 'accepted', changes: NO_CHANGES };
  }

  #foldSheet(record: FoldRecord, event: SheetEvent): Folded {
    const { offset } = record;
    const slash = event.subject.indexOf('/');
    const station = this.#election.unit(event.subject.slice(0, slash));
    const contest = this.#election.contest(event.subject.slice(slash + 1));
    if (slash < 0 || !station?.isStation) return reject(offset, event, 'unknown-station');
    if (!contest) return reject(offset, event, 'unknown-contest');
    if (!contest.hasStation(station.code)) return reject(offset, event, 'not-in-contest');
    if (station.shard !== this.shard || !liesUnder(record, station)) return reject(offset, event, 'wrong-shard');
    const where = { station: station.code, contest: contest.id };
    if (event.type === 'tally.sheet.submitted.v1') {
      const { sheet } = event.data;
      if (sheet.station !== station.code || sheet.contest !== contest.id)
        return reject(offset, event, 'bad-structure', { detail: 'subject and sheet name different places' });
    }
    const slot = this.#slot(station, contest);
    const known = this.#settleRepeat(slot, event, offset);
    const state = this.#stateOf(slot);
    if (known) return { ...known, ...where, revision: state.revision, status: state.status };

    const closed = this.#closed.has(station);
    const { entry, holdOn } = this.#election.definition;
    const result = evolveSheet(state, event, { contest, entry, holdOn, closed, offset });
    if (result.outcome === 'rejected') {
      const detail = result.detail === undefined ? {} : { detail: result.detail };
      const { revision, status } = state;
      return { ...reject(offset, event, result.code, detail), ...where, revision, status };
    }
    const before = slot.offset === 0 ? null : viewOf(state, closed);
    slot.state = result.state;
    slot.offset = offset;
    const after = viewOf(result.state, closed);
    this.#count(slot, before, after, offset);
    const { revision, status } = result.state;
    const changes: SheetChange[] = [{ station: station.code, contest: contest.id, before, after }];
    return {
      offset,
      event,
      outcome: 'accepted',
      station: station.code,
      contest: contest.id,
      revision,
      status,
      changes,
    };
  }

  #keyOf(unit: Unit, contest: Contest): number {
    return unit.index * this.#election.contests.length + contest.index;
  }

  #slot(station: Unit, contest: Contest): SheetSlot {
    const key = this.#keyOf(station, contest);
    let slot = this.#sheets.get(key);
    if (!slot) {
      slot = { station, contest, state: UNTOUCHED, resting: null, seen: -1, offset: 0 };
      this.#sheets.set(key, slot);
    }
    return slot;
  }

  /** A repeat of an id is settled before anything else; a new id is remembered, whatever becomes of it. */
  #settleRepeat(slot: { seen: number }, event: AnyEvent, offset: number): Folded | null {
    const digest = contentDigest(event);
    const seen = this.#seen.find(slot.seen, event.id, digest);
    if (!seen) {
      slot.seen = this.#seen.remember(slot.seen, event.id, digest, offset);
      return null;
    }
    return reject(offset, event, seen.sameContent ? 'repeat' : 'idempotency-conflict', { first: seen.offset });
  }

  #count(slot: SheetSlot, before: SheetChange['before'], after: SheetChange['after'], offset: number): void {
    const { contest, station } = slot;
    const every = this.#stateEvery;
    if (every === null) return;
    const registered = contest.registeredAt(station.code);
    this.#touchedSheets.add(slot);
    for (const unit of this.#election.ancestors(station)) {
      const part = this.#part(unit, contest);
      if (before) addSheet(part.totals, contest.layout, before, registered, -1);
      addSheet(part.totals, contest.layout, after, registered, 1);
      this.#touchedParts.add(part);
      if (part.offset === offset) continue;
      part.offset = offset;
      part.changes += 1;
      if (part.changes % every === 0) this.#states.push(partOf(part));
    }
  }

  #part(unit: Unit, contest: Contest): PartSlot {
    const key = this.#keyOf(unit, contest);
    let part = this.#parts.get(key);
    if (!part) {
      part = { unit, contest, totals: emptyTotals(contest.layout), offset: -1, changes: 0 };
      this.#parts.set(key, part);
    }
    return part;
  }

  /* ---------------------------------------------- beside sheets */

  #foldSubject(record: FoldRecord, event: SubjectEvent): Folded {
    const { offset } = record;
    const home = homeOfSubject(this.#election, event);
    if (typeof home === 'string') return reject(offset, event, home);
    if (home.unit.shard !== this.shard || !liesUnder(record, home.unit)) return reject(offset, event, 'wrong-shard');
    let slot = this.#subjects.get(event.subject);
    if (!slot) {
      slot = { seen: -1, certified: false, withdrawn: new Set(), devices: new Map() };
      this.#subjects.set(event.subject, slot);
    }
    const known = this.#settleRepeat(slot, event, offset);
    if (known) return known;
    return this.#evolveSubject(slot, home, event, offset);
  }

  #evolveSubject(
    slot: SubjectSlot,
    home: { unit: Unit; contest: Contest | null },
    event: SubjectEvent,
    offset: number,
  ): Folded {
    const accepted: Folded = { offset, event, outcome: 'accepted', changes: NO_CHANGES };
    switch (event.type) {
      case 'tally.station.closed.v1':
        return this.#close(home.unit, event.data.into, event, offset);
      case 'tally.candidate.withdrawn.v1': {
        const { candidate } = event.data;
        if (!home.contest?.layout.candidatePlace.has(candidate)) return reject(offset, event, 'unknown-candidate');
        if (slot.withdrawn.has(candidate)) return reject(offset, event, 'not-allowed', { detail: 'withdrawn already' });
        slot.withdrawn.add(candidate);
        return accepted;
      }
      case 'tally.device.enrolled.v1': {
        const { device, key } = event.data;
        const publicKey = readDeviceKey(key);
        if (!publicKey || deviceIdOf(publicKey) !== device)
          return reject(offset, event, 'bad-structure', { detail: 'the key is none, or not that of the device' });
        if (slot.devices.has(device)) return reject(offset, event, 'not-allowed', { detail: 'enrolled before' });
        slot.devices.set(device, true);
        return accepted;
      }
      case 'tally.device.revoked.v1': {
        const { device } = event.data;
        if (!slot.devices.get(device))
          return reject(offset, event, 'not-allowed', { detail: 'the device is not enrolled' });
        slot.devices.set(device, false);
        return accepted;
      }
      case 'tally.minutes.recorded.v1': {
        const wrong = minutesProblem(home.contest!, event.data);
        return wrong ? reject(offset, event, 'bad-structure', { detail: wrong }) : accepted;
      }
      case 'tally.contest.certified.v1':
        if (slot.certified) return reject(offset, event, 'not-allowed', { detail: 'the contest is certified' });
        slot.certified = true;
        return accepted;
      case 'tally.contest.reopened.v1':
        if (!slot.certified) return reject(offset, event, 'not-allowed', { detail: 'the contest is not certified' });
        slot.certified = false;
        return accepted;
      case 'tally.election.opened.v1':
        return reject(offset, event, 'not-allowed');
    }
  }

  #close(station: Unit, into: StationCode | undefined, event: AnyEvent, offset: number): Folded {
    if (into !== undefined && (into === station.code || !this.#election.unit(into)?.isStation))
      return reject(offset, event, 'unknown-station', { detail: '`into` is not another station' });
    if (this.#closed.has(station)) return reject(offset, event, 'not-allowed', { detail: 'the station is closed' });
    this.#closed.add(station);
    const changes = this.#election.contestsOf(station.code).map((contest): SheetChange => {
      const slot = this.#slot(station, contest);
      const state = this.#stateOf(slot);
      const before = slot.offset === 0 ? null : viewOf(state, false);
      const after = viewOf(state, true);
      slot.state = { ...state, offset };
      slot.offset = offset;
      this.#count(slot, before ?? UNTOUCHED_VIEW, after, offset);
      return { station: station.code, contest: contest.id, before, after };
    });
    return { offset, event, outcome: 'accepted', station: station.code, changes };
  }
}

function liesUnder({ key }: FoldRecord, unit: Unit): boolean {
  return key === null || key === unit.key;
}

/** Signed figures of a body may leave fields out (its form prints fewer); what is there must be sound. */
function minutesProblem(contest: Contest, figures: { fields: unknown; votes: unknown }): string | null {
  const problems: string[] = [];
  readFigures(contest.layout, figures.fields, figures.votes, (_pointer, code, message) => {
    if (code !== 'missing') problems.push(message);
  });
  return problems.length > 0 ? problems.slice(0, 5).join(' ') : null;
}

function partOf(part: PartSlot): FoldedPart {
  return {
    unit: part.unit.code,
    contest: part.contest.id,
    offset: part.offset,
    changes: part.changes,
    totals: copyTotals(part.totals),
  };
}

function reject(
  offset: number,
  event: AnyEvent | null,
  rejection: RejectionCode,
  more: { detail?: string; first?: number } = {},
): Folded {
  return { offset, event, outcome: 'rejected', rejection, ...more, changes: NO_CHANGES };
}
