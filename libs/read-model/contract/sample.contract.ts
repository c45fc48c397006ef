/**
 * A small history as the projection would write it, and everything a model says of it: what the suites compare.
 *
 * Two shards; each attempt brings a sheet of one of eight stations in one of two contests, or is rejected. A full
 * state is due at every third change of a part, so that a short history has some.
 */
import type { NodeTotals, SheetView } from '#domain';
import type {
  AttemptDoc,
  Checkpoint,
  ModelBatch,
  ModelSnapshot,
  NoteDoc,
  ReadModels,
  SheetDoc,
  TotalsDoc,
} from '../port.ts';

/** One store, which a test opens, closes and opens again. */
export interface ReadModelHarness {
  /** Opens the store as it is, empty at first. At most one is open at a time. */
  open(): Promise<ReadModels>;
  /** Removes the store. Whatever is open was closed. */
  dispose(): Promise<void>;
}

export type MakeHarness = () => Promise<ReadModelHarness>;

export const ELECTION = 'demo-2026';
export const FOLD = '1';
export const SHARDS = 2;
export const LENGTH = 60;
const CONTESTS = ['c1', 'c2'];
const STATE_DUE = 3;
const START_TIME = Date.UTC(2026, 4, 23);

const stationOf = (shard: number, place: number) => `${shard}.${Math.floor(place / 2)}-${place % 2}`;
const unitsOf = (station: string) => [station.slice(0, station.indexOf('-')), `P${station[0]}`, 'root'];

export function view(votes: number, revision = 1): SheetView {
  return {
    revision,
    status: 'accepted',
    standing: [votes + 10, -1, votes, 0],
    verified: false,
    held: null,
    sealed: false,
    closed: false,
  };
}

export function totalsOf(votes: number, sheets: number): NodeTotals {
  const track = { sheets, sums: [votes + 10 * sheets, 0, votes, 0], present: [0] };
  return {
    provisional: track,
    verified: { sheets: 0, sums: [0, 0, 0, 0], present: [0] },
    all: track,
    progress: [sheets, sheets, 0, 0, 0, 0, 0, 0, 0, 0, sheets * 700],
  };
}

export function attempt(shard: number, offset: number, more: Partial<AttemptDoc> = {}): AttemptDoc {
  return {
    shard,
    offset,
    logTime: START_TIME + offset,
    id: `00000000-0000-4000-8000-${String(shard * 1_000_000 + offset).padStart(12, '0')}`,
    outcome: 'rejected',
    rejection: 'unchanged',
    changes: [],
    units: [],
    ...more,
  };
}

export function accepted(shard: number, offset: number, station: string, contest: string, votes: number): AttemptDoc {
  return attempt(shard, offset, {
    outcome: 'accepted',
    rejection: undefined,
    type: 'tally.sheet.submitted.v1',
    subject: `${station}/${contest}`,
    time: '2026-05-23T20:00:00+07:00',
    actor: { id: 'account-7', role: 'clerk', unit: station },
    data: {
      sheet: { station, contest, fields: { H: votes + 10 }, votes: { '1': votes, '2': 0 }, via: 'paper' },
    } as AttemptDoc['data'],
    findings: [],
    station,
    contest,
    revision: 1,
    status: 'accepted',
    changes: [{ station, contest, before: null, after: view(votes) }],
    units: unitsOf(station),
  });
}

export function sheet(shard: number, offset: number, station: string, contest: string, votes: number): SheetDoc {
  const after = view(votes);
  const entered = { revision: 1, figures: after.standing!, times: {}, by: ['account-7'], offset, findings: [] };
  return {
    station,
    contest,
    shard,
    offset,
    view: after,
    newest: entered,
    second: null,
    standing: entered,
    heldFor: [],
  };
}

export function part(unit: string, contest: string, shard: number, offset: number, changes = 1, votes = 5): TotalsDoc {
  return { unit, contest, shard, offset, changes, totals: totalsOf(votes, changes) };
}

export function note(kind: string, subject: string, shard: number, offset: number): NoteDoc {
  const event = {
    specversion: '1.0',
    id: `00000000-0000-4000-8000-${String(offset).padStart(12, '0')}`,
    source: `/elections/${ELECTION}`,
    type: 'tally.contest.reopened.v1',
    subject,
    time: '2026-05-24T08:00:00+07:00',
    datacontenttype: 'application/json',
    tallydefinition: 'ab'.repeat(32),
    data: { reason: 'Đếm lại', actor: { id: 'account-1', role: 'certifier', unit: 'root' } },
  } as const;
  return { kind, subject, shard, offset, logTime: START_TIME + offset, event };
}

/** A checkpoint of the sample's log. */
export function at(offset: number, logTime = offset * 10): Checkpoint {
  return { offset, logTime, log: 'cd'.repeat(32) };
}

/** What the attempts of a shard from `from` up to, not including, `to` write. */
export function batchOf(shard: number, from: number, to: number): Required<Omit<ModelBatch, 'checkpoint'>> {
  const attempts: AttemptDoc[] = [];
  const notes: NoteDoc[] = [];
  const sheets = new Map<string, SheetDoc>();
  const totals = new Map<string, TotalsDoc>();
  const states: TotalsDoc[] = [];
  const changes = new Map<string, number>();
  for (let offset = 0; offset < to; offset += 1) {
    const within = offset >= from;
    const kind = offset % 5;
    if (kind === 4) {
      const filed = offset % 2 ? {} : { station: stationOf(shard, offset % 4), contest: 'c1' };
      if (within) attempts.push(attempt(shard, offset, filed));
      if (within && offset % 3 === 0) notes.push(note('contest.reopened', CONTESTS[offset % 2]!, shard, offset));
      continue;
    }
    const station = stationOf(shard, (offset * 7) % 4);
    const contest = CONTESTS[kind % 2]!;
    const doc = accepted(shard, offset, station, contest, offset);
    if (within) attempts.push(doc);
    if (within) sheets.set(`${station}/${contest}`, sheet(shard, offset, station, contest, offset));
    for (const unit of doc.units) {
      const node = `${unit}/${contest}`;
      const count = (changes.get(node) ?? 0) + 1;
      changes.set(node, count);
      if (!within) continue;
      const now = part(unit, contest, shard, offset, count, offset);
      totals.set(node, now);
      if (count % STATE_DUE === 0) states.push(now);
    }
  }
  return { shard, attempts, notes, sheets: [...sheets.values()], totals: [...totals.values()], states };
}

/** Everything that a view says, by its own ways of reading. */
export async function everything(snapshot: ModelSnapshot): Promise<Record<string, unknown>> {
  const totals = await all(snapshot.allTotals());
  const sheets = await all(snapshot.allSheets());
  const found: Record<string, unknown> = { totals, sheets };
  for (let shard = 0; shard < SHARDS; shard += 1)
    found[`attempts ${shard}`] = await all(snapshot.attempts(shard, 0, LENGTH + 10));
  for (const { station, contest } of sheets)
    found[`attempts on ${station}/${contest}`] = await snapshot.attemptsOn(station, contest);
  for (const { unit, contest, shard } of totals) {
    const node = `${unit}/${contest}/${shard}`;
    found[`changes of ${node}`] = (await snapshot.changesOf(unit, contest, shard, 0, LENGTH)).map(placeOf);
    found[`late changes of ${node}`] = (await snapshot.changesOf(unit, contest, shard, 30, 50)).map(placeOf);
    found[`states of ${node}`] = await snapshot.statesOf(unit, contest, shard);
    found[`state before 40 of ${node}`] = await snapshot.stateBefore(unit, contest, shard, 40);
  }
  found.notes = await snapshot.notes('contest.reopened');
  return found;
}

export function placeOf({ shard, offset }: { shard: number; offset: number }): string {
  return `${shard}:${offset}`;
}

export async function all<T>(documents: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const document of documents) list.push(document);
  return list;
}
