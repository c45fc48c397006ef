/**
 * Takes sheets and acts in: checks structure, evaluates the rules, appends attempts to the log, and waits for the
 * fold's word. It keeps no state that matters, so there can be any number of it (architecture, idea 1).
 */
import { randomUUID } from 'node:crypto';
import {
  type Actor,
  type AnyEvent,
  type Contest,
  checkSheet,
  type EventData,
  type EventType,
  encodeEvent,
  type Figures,
  MAX_EVENT_BYTES,
  makeEvent,
  type StructureProblem,
  type Unit,
  wouldBeUnchanged,
} from '#domain';
import { type Appended, LogError, type LogErrorCode, type NewRecord } from '#event-log';
import { fingerprint, type Projection, type ServedElection, View } from '#projection';
import type { AttemptDoc, ModelSnapshot } from '#read-model';
import { Signatures } from './signatures.ts';
import type { Sound } from './sound.ts';

/** What became of something that was sent. */
export type IntakeResult =
  /** Not appended: every problem of its structure. */
  | { readonly kind: 'refused'; readonly problems: readonly StructureProblem[] }
  /** Not appended: a bulk import brought the figures that stand already. */
  | { readonly kind: 'unchanged' }
  /** The fold's word: accepted or rejected, and where it lies; and the record's value as it was appended. */
  | { readonly kind: 'settled'; readonly attempt: AttemptDoc; readonly appended?: Uint8Array }
  /** In the log, not yet folded in time. */
  | { readonly kind: 'pending'; readonly id: string; readonly shard: number; readonly offset: number }
  /** Not confirmed by the log: send again with the same id. */
  | { readonly kind: 'unconfirmed'; readonly id: string; readonly code: LogErrorCode; readonly message: string };

export interface IntakeOptions {
  readonly now?: () => Date;
  /** How long to wait for the fold's word, milliseconds; default 5,000. */
  readonly waitMs?: number;
  /** Told of every event that the log has confirmed. */
  readonly onAppended?: (event: { readonly id: string } & Appended) => void;
}

export interface SubmitOptions {
  /** A bulk import: the expected revision may be left out, ids are made where missing. */
  readonly bulk?: boolean;
}

/** An act on a sheet, a station, a contest: everything but submitting. */
export interface Act<T extends EventType = EventType> {
  readonly type: T;
  readonly id: string;
  readonly subject: string;
  /** Where its key comes from: the station, or the unit it is about. */
  readonly unit: Unit;
  readonly data: Omit<EventData[T], 'actor'>;
  readonly time?: string;
}

interface Prepared {
  readonly id: string;
  /** `election/subject`: what it is about. */
  readonly sheet: string;
  readonly record: NewRecord;
}

const UNCHANGED: IntakeResult = { kind: 'unchanged' };

export class Intake {
  readonly #projection: Projection;
  /** Sheets with attempts that are appended, or about to be, and not folded yet: what the model says of them is old. */
  readonly #inFlight = new Map<string, number>();
  readonly #now: () => Date;
  readonly #waitMs: number;
  readonly #onAppended: IntakeOptions['onAppended'];

  constructor(projection: Projection, options: IntakeOptions = {}) {
    this.#projection = projection;
    this.#now = options.now ?? (() => new Date());
    this.#waitMs = options.waitMs ?? 5_000;
    this.#onAppended = options.onAppended;
  }

  /** Submits one sheet as sent. */
  async submit(served: ServedElection, raw: unknown, actor: Actor, options: SubmitOptions = {}): Promise<IntakeResult> {
    return (await this.submitMany(served, [raw], () => actor, options))[0]!;
  }

  /**
   * Submits sheets together, in order: one append for all, one answer for each. `actorFor` may refuse a sheet by place
   * (a clerk of another unit) with a problem.
   */
  async submitMany(
    served: ServedElection,
    raws: readonly unknown[],
    actorFor: (station: Unit) => Actor | StructureProblem,
    options: SubmitOptions = {},
  ): Promise<IntakeResult[]> {
    const results = new Array<IntakeResult | undefined>(raws.length);
    const prepared: (Prepared & { place: number })[] = [];
    const judged = await this.#checkSignatures(
      served,
      raws.map((raw) => this.#judge(served, withId(raw, options), actorFor, options)),
    );
    const seen = options.bulk ? await this.#seenUnchanged(served, judged) : new Set<Sound | IntakeResult>();
    for (const [place, checked] of judged.entries()) {
      const made = seen.has(checked) ? UNCHANGED : 'value' in checked ? this.#submission(served, checked) : checked;
      if ('record' in made) {
        prepared.push({ place, ...made });
        this.#fly(made.sheet, 1);
      } else results[place] = made;
    }
    const settled = await this.#appendAndWait(served, prepared).finally(() => {
      for (const { sheet } of prepared) this.#fly(sheet, -1);
    });
    prepared.forEach(({ place }, i) => {
      results[place] = settled[i]!;
    });
    return results as IntakeResult[];
  }

  #judge(
    served: ServedElection,
    raw: unknown,
    actorFor: (station: Unit) => Actor | StructureProblem,
    options: SubmitOptions,
  ): Sound | IntakeResult {
    const check = checkSheet(served.election, raw, { revisionRequired: !options.bulk });
    if (!check.ok) return { kind: 'refused', problems: check.problems };
    const { value } = check;
    const actor = actorFor(value.station);
    if (!('role' in actor)) return { kind: 'refused', problems: [actor] };
    return { value, actor, sheet: `${served.election.definition.id}/${value.station.code}/${value.contest.id}` };
  }

  /** Refuses those whose device is not enrolled, or did not sign them. */
  async #checkSignatures(
    served: ServedElection,
    judged: readonly (Sound | IntakeResult)[],
  ): Promise<readonly (Sound | IntakeResult)[]> {
    if (!judged.some((one) => 'value' in one && one.value.signed)) return judged;
    const id = served.election.definition.id;
    const model = await this.#projection.model(id);
    if (!model) throw new Error(`the read model of ${id} is not projected`);
    const snapshot = await model.snapshot();
    try {
      const signatures = new Signatures(served.election, snapshot);
      return await Promise.all(
        judged.map(async (one): Promise<Sound | IntakeResult> => {
          const problem = 'value' in one ? await signatures.problem(one) : null;
          return problem ? { kind: 'refused', problems: [problem] } : one;
        }),
      );
    } finally {
      snapshot.close();
    }
  }

  /**
   * Those whose figures the model has already. Not asked where an attempt on the sheet is under way, or an earlier one
   * of the same batch is to be.
   */
  async #seenUnchanged(
    served: ServedElection,
    judged: readonly (Sound | IntakeResult)[],
  ): Promise<Set<Sound | IntakeResult>> {
    const seen = new Set<Sound | IntakeResult>();
    const model = await this.#projection.model(served.election.definition.id);
    const asked = new Map<string, Sound>();
    for (const one of judged)
      if ('value' in one && one.value.sheet.expectedRevision === undefined && !this.#inFlight.has(one.sheet))
        asked.set(one.sheet, asked.get(one.sheet) ?? one);
    if (!model || asked.size === 0) return seen;
    const snapshot = await model.snapshot();
    try {
      const asking = [...asked.values()].map(async (one) => {
        if (await isSeenUnchanged(snapshot, one)) seen.add(one);
      });
      await Promise.all(asking);
    } finally {
      snapshot.close();
    }
    return seen;
  }

  /** Counts the attempts of a sheet that are under way. */
  #fly(sheet: string, change: 1 | -1): void {
    const left = (this.#inFlight.get(sheet) ?? 0) + change;
    if (left > 0) this.#inFlight.set(sheet, left);
    else this.#inFlight.delete(sheet);
  }

  #submission(served: ServedElection, { value, actor }: Sound): Prepared | IntakeResult {
    const { election, rules } = served;
    const { station, contest, sheet, signed, figures } = value;
    const findings = rules.check(contest, figures, contest.registeredAt(station.code));
    const event = makeEvent(
      'tally.sheet.submitted.v1',
      {
        id: value.id,
        election: election.definition.id,
        subject: `${station.code}/${contest.id}`,
        time: sheet.at ?? this.#now().toISOString(),
        definition: election.digest,
      },
      { actor, findings, ...(rules.version && { rules: rules.version }), sheet, ...signed },
    );
    return prepare(event, station);
  }

  /** Appends an act and waits for the fold's word on it. */
  async act<T extends EventType>(served: ServedElection, act: Act<T>, actor: Actor): Promise<IntakeResult> {
    const { definition, digest } = served.election;
    const head = {
      id: act.id.toLowerCase(),
      election: definition.id,
      subject: act.subject,
      time: act.time ?? this.#now().toISOString(),
      definition: digest,
    };
    const event = makeEvent(act.type, head, { ...act.data, actor } as EventData[T] & { actor: Actor });
    const made = prepare(event as AnyEvent, act.unit);
    return 'record' in made ? (await this.#appendAndWait(served, [made]))[0]! : made;
  }

  /** Findings of the rules on figures, as they go into an event (for a resolution). */
  check(
    served: ServedElection,
    contest: Contest,
    station: Unit,
    figures: Figures,
  ): ReturnType<ServedElection['rules']['check']> {
    return served.rules.check(contest, figures, contest.registeredAt(station.code));
  }

  /**
   * Certifies a contest, bound to the fingerprint it has now. Returns the present fingerprint where it is another one.
   */
  async certify(
    served: ServedElection,
    contest: Contest,
    wanted: { id: string; fingerprint: string; reason: string },
    actor: Actor,
  ): Promise<
    IntakeResult | { readonly kind: 'other-fingerprint'; readonly fingerprint: string; readonly position: string }
  > {
    const model = await this.#projection.model(served.election.definition.id);
    if (!model) throw new Error(`the read model of ${served.election.definition.id} is not projected`);
    const view = await View.open(served, model);
    const position = view.position.map((offset, shard) => `${shard}:${offset}`).join(',');
    const present = await fingerprint(view, contest).finally(() => view.close());
    if (present !== wanted.fingerprint) return { kind: 'other-fingerprint', fingerprint: present, position };
    const data = { fingerprint: present, position, reason: wanted.reason };
    return this.act(
      served,
      { type: 'tally.contest.certified.v1', id: wanted.id, subject: contest.id, unit: contest.home, data },
      actor,
    );
  }

  async #appendAndWait(served: ServedElection, prepared: readonly Prepared[]): Promise<IntakeResult[]> {
    if (prepared.length === 0) return [];
    let appended: Appended[];
    try {
      appended = await served.log.append(prepared.map(({ record }) => record));
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      const { code, message } = error;
      return prepared.map(({ id }) => ({ kind: 'unconfirmed', id, code, message }));
    }
    if (this.#onAppended) for (const [i, at] of appended.entries()) this.#onAppended({ id: prepared[i]!.id, ...at });
    const attempts = await this.#projection.outcomes(served.election.definition.id, appended, this.#waitMs);
    return attempts.map((attempt, i): IntakeResult => {
      if (attempt) return { kind: 'settled', attempt, appended: prepared[i]!.record.value };
      const { shard, offset } = appended[i]!;
      return { kind: 'pending', id: prepared[i]!.id, shard, offset };
    });
  }
}

async function isSeenUnchanged(snapshot: ModelSnapshot, { value, actor }: Sound): Promise<boolean> {
  const doc = await snapshot.sheet(value.station.code, value.contest.id);
  if (!doc) return false;
  const { newest, second, view } = doc;
  return wouldBeUnchanged({ newest, second, status: view.status }, { by: actor.id, ...value });
}

/** An importer makes an id for each line that has none; a device has signed its own. */
function withId(raw: unknown, options: SubmitOptions): unknown {
  if (!options.bulk || typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  if ('id' in raw || 'signature' in raw) return raw;
  return { ...raw, id: randomUUID() };
}

function prepare(event: AnyEvent, unit: Unit): Prepared | IntakeResult {
  const value = encodeEvent(event);
  if (value.length > MAX_EVENT_BYTES) {
    const message = `As an event this is ${value.length} bytes; at most ${MAX_EVENT_BYTES} are allowed.`;
    return { kind: 'refused', problems: [{ pointer: '', code: 'too-large', message }] };
  }
  return {
    id: event.id,
    sheet: `${event.source.slice('/elections/'.length)}/${event.subject}`,
    record: { shard: unit.shard, key: unit.key, value },
  };
}
