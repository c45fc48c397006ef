/** The rooms of one election: fed by the changes of its log, telling each room at most four times a second. */
import { setTimeout as delay } from 'node:timers/promises';
import { FULL_SIGHT, formatPosition, notBeyond, type Position, type SheetChange, type Sight } from '#domain';
import { type Changes, type ServedElection, View } from '#projection';
import type { ReadModel } from '#read-model';
import type { TotalsMessage, WatchSnapshot } from '#wire';
import { describe, type Viewer } from '../api/http/viewer.ts';
import type { HallFreeze, HallFrozen } from './hall-freeze.ts';
import { LiveTotals } from './live-totals.ts';
import { Room, type RoomWish, roomName, type SnapshotRows, snapshotRows } from './room.ts';

/** At most four messages a second and room. */
const ROOM_MS = 250;
/** Who just got a snapshot has so long to take it in before the first message. */
const SETTLE_MS = 25;
const PAUSE_AFTER = 3;
const MOST_TRIES = 50;
/** After a failure to read the store. */
const AGAIN_MS = 1_000;
/** Batches that are kept while everything is read anew; one that was let go is met as a gap. */
const MOST_BUFFERED = 64;

export interface HallOutput {
  totals(room: Room, message: TotalsMessage): void;
  /** Whether nobody is in the room. */
  isEmpty(room: Room): boolean;
  failed(error: unknown): void;
}

export class ElectionHall {
  readonly served: ServedElection;
  readonly live: LiveTotals;
  readonly #freeze: HallFreeze;
  readonly #model: () => Promise<ReadModel | undefined>;
  readonly #output: HallOutput;
  readonly #rooms = new Map<string, Room>();
  readonly #byUnit = new Map<string, Set<Room>>();
  /** Those who wait for the live totals to move. */
  #waiting: (() => void)[] = [];
  /** Batches that arrive while everything is read anew. */
  #buffer: Changes[] | null = null;
  #sightKey: string;
  #looking: Promise<void> | null = null;
  readonly #closing = new AbortController();

  constructor(live: LiveTotals, freeze: HallFreeze, model: () => Promise<ReadModel | undefined>, output: HallOutput) {
    this.#freeze = freeze;
    this.served = live.served;
    this.live = live;
    this.#model = model;
    this.#output = output;
    this.#sightKey = this.#publicKey();
  }

  /** A batch of the election's current model. */
  take(changes: Changes): void {
    if (this.#buffer) {
      this.#buffer.push(changes);
      if (this.#buffer.length > MOST_BUFFERED) this.#buffer.shift();
      return;
    }
    const taken = this.live.apply(changes);
    if (taken === 'gap') void this.#readAnew(changes);
    if (taken !== 'applied') return;
    const touched = new Set<Room>();
    for (const attempt of changes.attempts) for (const change of attempt.changes) this.#touch(change, touched);
    this.#moved();
    if (changes.notes.length > 0) this.#tellWhatIsPublic();
    for (const room of touched) this.#schedule(room);
  }

  #touch({ station: code, contest: id, before, after }: SheetChange, touched: Set<Room>): void {
    const { election } = this.served;
    const station = election.unit(code);
    const contest = election.contest(id);
    if (!station || !contest) return;
    for (const unit of [station, ...election.ancestors(station)])
      for (const room of this.#byUnit.get(unit.code) ?? []) {
        if (!room.shows(contest) || this.#isHeld(room)) continue;
        room.touch(unit, contest, before, after);
        touched.add(room);
      }
  }

  /** A batch is missing (it was lost, or the model was switched): reads everything anew and tells it to every room. */
  async #readAnew(changes: Changes): Promise<void> {
    this.#buffer = [changes];
    await this.#untilDone(async () => this.live.reload(await this.#present()));
    if (this.#closing.signal.aborted) return;
    const buffered = this.#buffer;
    this.#buffer = null;
    for (const batch of buffered) this.take(batch);
    this.#moved();
    await this.#tellEverything(() => true);
  }

  /** While publication is frozen, what the public sees. */
  get frozen(): HallFrozen | null {
    return this.#freeze.frozen;
  }

  #isHeld(room: Room): boolean {
    return room.wish.isPublic && this.#freeze.holds;
  }

  /**
   * Looks whether the clock, a certification or a freeze changed what is public; if so, tells it to the public rooms.
   * While a store does not answer, the look that waits for it is the only one. Never rejects.
   */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    try {
      await this.#freeze.follow(() => this.#present());
    } catch (error) {
      this.#output.failed(error);
    }
    this.#tellWhatIsPublic();
  }

  #tellWhatIsPublic(): void {
    const key = this.#publicKey();
    if (key === this.#sightKey) return;
    this.#sightKey = key;
    void this.#tellEverything((room) => room.wish.isPublic);
  }

  #publicKey(): string {
    return this.#publicViewer().key;
  }

  #publicViewer(): Viewer {
    const { frozen } = this;
    const certified = frozen?.certified ?? this.live.certified;
    return describe(this.served.election, Date.now(), certified, frozen?.answer ?? null);
  }

  sightOf(isPublic: boolean): Sight {
    return isPublic ? this.#publicViewer().sight : FULL_SIGHT;
  }

  /* ---------------------------------------------- rooms */

  /**
   * Brings somebody into a room: `enter` is called with a snapshot in the same turn in which that is known to lie
   * between the room's last message and its next one, so nothing is missed in between.
   */
  async watch(wish: RoomWish, enter: (room: Room, answer: WatchSnapshot) => void): Promise<void> {
    if (wish.isPublic && this.#freeze.holds && !this.frozen) await this.#freeze.follow(() => this.#present());
    const room = this.#room(wish);
    room.arriving += 1;
    try {
      const known = room.snapshot;
      if (known && known.sightKey === this.#seenKey(room) && notBeyond(room.told, known.position)) {
        room.joinedMs = Date.now();
        enter(room, known.answer);
        return;
      }
      const present = this.#buffer || this.#isHeld(room) ? null : room.present(this.live, this.sightOf(wish.isPublic));
      if (present) this.#enter(room, this.live.position, this.live.asOf, present, enter);
      else
        await this.#reading(
          room,
          (view, sight) => snapshotRows(view, wish, sight),
          (position, asOf, rows) => this.#enter(room, position, asOf, rows, enter),
        );
    } finally {
      room.arriving -= 1;
      this.dropIfEmpty(room.name);
    }
  }

  #enter(
    room: Room,
    at: Position,
    asOf: string | null,
    rows: SnapshotRows,
    enter: (room: Room, answer: WatchSnapshot) => void,
  ): void {
    const answer = { position: formatPosition(at), asOf, ...rows };
    room.snapshot = { position: [...at], answer, sightKey: this.#seenKey(room) };
    room.joinedMs = Date.now();
    enter(room, answer);
  }

  #seenKey(room: Room): string {
    return room.wish.isPublic ? this.#sightKey : 'full';
  }

  #room(wish: RoomWish): Room {
    const name = roomName(wish);
    const known = this.#rooms.get(name);
    if (known) return known;
    const room = new Room(wish, (wish.isPublic && this.frozen?.at) || this.live.position);
    this.#rooms.set(name, room);
    for (const { code } of room.units) {
      const rooms = this.#byUnit.get(code) ?? new Set<Room>();
      this.#byUnit.set(code, rooms.add(room));
    }
    return room;
  }

  dropIfEmpty(name: string): void {
    const room = this.#rooms.get(name);
    if (!room || room.arriving > 0 || !this.#output.isEmpty(room)) return;
    this.#rooms.delete(name);
    if (room.timer) clearTimeout(room.timer);
    for (const { code } of room.units) {
      const rooms = this.#byUnit.get(code);
      rooms?.delete(room);
      if (rooms?.size === 0) this.#byUnit.delete(code);
    }
  }

  room(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  close(): void {
    this.#closing.abort();
    for (const room of this.#rooms.values()) if (room.timer) clearTimeout(room.timer);
  }

  /**
   * Reads something of a room at a position that its messages continue, not before the last one and not beyond the
   * next, and uses it in the turn in which that is known.
   */
  async #reading<T>(
    room: Room,
    read: (view: View, sight: Sight) => Promise<T>,
    use: (position: Position, asOf: string | null, found: T) => void,
  ): Promise<void> {
    let pauses = 0;
    try {
      for (let tries = 1; ; tries += 1) {
        const frozen = room.wish.isPublic ? this.frozen : null;
        const view = await View.open(this.served, await this.#present(), frozen?.at, frozen?.answer);
        try {
          const found = await read(view, this.sightOf(room.wish.isPublic));
          while (!notBeyond(view.position, this.live.position)) await this.#movement();
          if (notBeyond(room.told, view.position) || tries >= MOST_TRIES) {
            use(view.position, view.asOf === null ? null : new Date(view.asOf).toISOString(), found);
            return;
          }
        } finally {
          view.close();
        }
        if (tries < PAUSE_AFTER || pauses > 0) continue;
        pauses = 1;
        room.paused += 1;
      }
    } finally {
      room.paused -= pauses;
      if (pauses > 0 && room.hasNews) this.#schedule(room);
    }
  }

  async #present(): Promise<ReadModel> {
    const model = await this.#model();
    if (!model) throw new Error(`the read model of ${this.served.election.definition.id} is not projected`);
    return model;
  }

  /** Again and again while it fails: a store that is away comes back. Given up once closed. */
  async #untilDone(action: () => Promise<void>): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await action();
        return;
      } catch (error) {
        this.#output.failed(error);
      }
      await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #movement(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #moved(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /* ---------------------------------------------- telling */

  #schedule(room: Room): void {
    if (room.timer || room.paused > 0 || this.#isHeld(room)) return;
    const afterSnapshot = Math.min(room.joinedMs + SETTLE_MS, room.touchedMs + ROOM_MS);
    const wait = Math.max(room.lastSentMs + ROOM_MS, afterSnapshot) - Date.now();
    if (wait <= 0) this.#tell(room);
    else room.timer = setTimeout(() => this.#tell(room), wait);
  }

  #tell(room: Room): void {
    if (room.timer) clearTimeout(room.timer);
    room.timer = null;
    if (room.paused > 0 || this.#isHeld(room)) return;
    const changes = room.take(this.live, this.sightOf(room.wish.isPublic));
    if (changes.length > 0) this.#send(room, formatPosition(room.told), this.live.position, this.live.asOf, changes);
  }

  #send(room: Room, from: string, to: Position, asOf: string | null, changes: TotalsMessage['changes']): void {
    room.told = [...to];
    room.lastSentMs = Date.now();
    this.#output.totals(room, { ...headOf(room.wish), from, to: formatPosition(to), asOf, changes });
  }

  /** Everything of a room, from position zero: figures that came out, or a model that was put in place. */
  async #tellEverything(wanted: (room: Room) => boolean): Promise<void> {
    for (const room of [...this.#rooms.values()].filter(wanted)) {
      room.snapshot = null;
      await this.#untilDone(async () => {
        if (this.#rooms.get(room.name) !== room) return;
        await this.#reading(
          room,
          (view, sight) => room.everything(view, sight),
          (position, asOf, rows) => this.#send(room, formatPosition(position.map(() => 0)), position, asOf, rows),
        );
      });
    }
  }

  /** Makes those who missed messages ask for the present state. */
  nudge(room: Room): TotalsMessage {
    const frozen = room.wish.isPublic ? this.frozen : null;
    const at = frozen?.answer.position ?? this.live.positionText;
    return { ...headOf(room.wish), from: at, to: at, asOf: this.live.asOf, changes: [] };
  }
}

function headOf({
  election,
  unit,
  contest,
  track,
}: RoomWish): Pick<TotalsMessage, 'election' | 'unit' | 'contest' | 'track'> {
  return { election, unit: unit.code, contest: contest?.id ?? null, track };
}
