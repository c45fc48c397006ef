/**
 * The corrections of an election: accepted revisions after the first, decisions about them, annulments. Where they lie
 * is read from the log once, and after that only what is new.
 */
import type { EventType, Sight } from '#domain';
import type { AttemptDoc } from '#read-model';
import type { CorrectionAnswer, CorrectionsAnswer } from '#wire';
import type { View } from '../view.ts';
import { atPosition, unitName } from './place.ts';
import { historyAnswer } from './sheet.ts';

interface Place {
  readonly shard: number;
  readonly offset: number;
  readonly logTime: number;
  readonly station: string;
  readonly contest: string;
}

interface Known {
  /** How far each shard has been read. */
  readonly read: number[];
  /** In the order they were found. */
  readonly places: Place[];
  /** Ends when what is being read now is in. */
  reading: Promise<void>;
}

const MOST = 50;
const KINDS: ReadonlySet<EventType> = new Set([
  'tally.sheet.submitted.v1',
  'tally.sheet.resolved.v1',
  'tally.sheet.released.v1',
  'tally.sheet.annulled.v1',
]);

export class Corrections {
  /** By definition and version of the model. */
  readonly #known = new Map<string, Known>();

  /** The newest ones that the viewer may see, at the view's position. */
  async answer(view: View, sight: Sight): Promise<CorrectionsAnswer> {
    const places = await this.#places(view);
    const corrections: CorrectionAnswer[] = [];
    for (const place of places) {
      if (corrections.length === MOST) break;
      const correction = await correctionAt(view, place, sight);
      if (correction) corrections.push(correction);
    }
    return { ...atPosition(view), corrections };
  }

  /** Reads what a view has of the log, and keeps it; may be given up. */
  async readUpTo(view: View, signal?: AbortSignal): Promise<void> {
    await this.#readOn(view, signal);
  }

  /** Newest first. */
  async #places(view: View): Promise<Place[]> {
    const { places } = await this.#readOn(view);
    return places
      .filter(({ shard, offset }) => offset < view.position[shard]!)
      .sort((a, b) => b.logTime - a.logTime || b.offset - a.offset);
  }

  async #readOn(view: View, signal?: AbortSignal): Promise<Known> {
    const key = `${view.served.election.digest}|${view.version}`;
    let known = this.#known.get(key);
    if (!known) {
      known = { read: view.position.map(() => 0), places: [], reading: Promise.resolve() };
      this.#known.set(key, known);
    }
    const own = known;
    own.reading = own.reading.then(
      () => readOn(own, view, signal),
      () => readOn(own, view, signal),
    );
    await own.reading;
    return own;
  }
}

async function readOn(known: Known, view: View, signal: AbortSignal | undefined): Promise<void> {
  for (const [shard, to] of view.position.entries())
    for await (const attempt of view.snapshot.attempts(shard, known.read[shard]!, to)) {
      const { station, contest, offset, logTime } = attempt;
      if (station !== undefined && contest !== undefined && isCorrection(attempt))
        known.places.push({ shard, offset, logTime, station, contest });
      known.read[shard] = offset + 1;
      if (signal?.aborted) return;
    }
}

function isCorrection({ type, outcome, revision, changes }: AttemptDoc): boolean {
  if (outcome !== 'accepted' || type === undefined || !KINDS.has(type) || changes.length === 0) return false;
  return type === 'tally.sheet.annulled.v1' || (revision ?? 0) > 1;
}

async function correctionAt(view: View, place: Place, sight: Sight): Promise<CorrectionAnswer | undefined> {
  const { election } = view.served;
  const station = election.unit(place.station);
  const contest = election.contest(place.contest);
  if (!station || !contest || !sight.results(contest, station.level)) return undefined;
  const { attempts } = await historyAnswer(view, station, contest, sight);
  const attempt = attempts.find(({ position }) => position === `${place.shard}:${place.offset}`);
  if (!attempt) return undefined;
  const { id, name, names } = contest.row;
  return {
    station: unitName(station),
    path: [...election.ancestors(station)].reverse().map(unitName),
    contest: { id, name, ...(names && { names }) },
    attempt,
  };
}
