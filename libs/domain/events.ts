/**
 * The events of the log: CloudEvents 1.0 in structured JSON, canonical by RFC 8785 (contracts §3).
 *
 * `encodeEvent` makes the exact bytes that are stored; `decodeEvent` reads a record's bytes back and says, in words,
 * why they are unreadable. Decoding checks shapes only: whether an event is allowed is for the fold.
 */
import { hash } from 'node:crypto';
import { canonicalText } from './canonical.ts';
import type { CandidateNumber, ContestId, FieldId, StationCode, Timestamp, UnitCode } from './definition.ts';
import type { Finding } from './findings.ts';

/** An event is at most this many bytes (contracts §3). */
export const MAX_EVENT_BYTES = 65_535;

export type Role = 'clerk' | 'reviewer' | 'verifier' | 'certifier' | 'manager' | 'observer';

/** Who did it: an opaque account id, the role it acted in and the unit it holds that role for. Names live elsewhere. */
export interface Actor {
  readonly id: string;
  readonly role: Role;
  readonly unit: UnitCode;
}

export type Via = 'paper' | 'phone' | 'photo' | 'device' | 'import';
export type Cause = 'entry' | 'paper' | 'recount' | 'order';

/** Figures as a sheet spells them: fields by id (times as text), votes by candidate number. */
export interface SpelledFigures {
  readonly fields: Readonly<Record<FieldId, number | string>>;
  readonly votes: Readonly<Record<CandidateNumber, number>>;
}

/** What a sender states about a sheet, exactly as sent (contracts §2). */
export interface SubmittedSheet extends SpelledFigures {
  readonly station: StationCode;
  readonly contest: ContestId;
  /** Left out in a bulk import: the sheet is compared with the newest revision. */
  readonly expectedRevision?: number;
  readonly at?: Timestamp;
  readonly via?: Via;
  readonly cause?: Cause;
  readonly reason?: string;
  readonly acknowledged?: readonly string[];
  readonly evidence?: readonly string[];
}

/** Findings of the rules that ran on the event's figures, and the version of the rules. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly rules?: string;
}

/** The device that sent a sheet, and its signature (`devices.ts`). */
export interface Signature {
  readonly device: string;
  /** Base64. */
  readonly signature: string;
}

/** The state a reviewer saw when acting on a sheet (`If-Match`): revision, and offset of its last change. */
export interface SeenState {
  readonly revision: number;
  readonly offset: number;
}

export interface EventData {
  'tally.election.opened.v1': { readonly id: string; readonly shards: number };
  'tally.sheet.submitted.v1': { readonly sheet: SubmittedSheet } & Partial<Signature> & Checked;
  /** Of two differing entries: the figures decided, field by field; each must stand in one of the entries. */
  'tally.sheet.resolved.v1': SpelledFigures & Checked & { readonly seen: SeenState; readonly reason: string };
  'tally.sheet.released.v1': { readonly seen: SeenState; readonly reason: string };
  'tally.sheet.returned.v1': { readonly seen: SeenState; readonly reason: string };
  'tally.sheet.verified.v1': { readonly seen: SeenState; readonly reason?: string };
  'tally.sheet.annulled.v1': { readonly seen: SeenState; readonly reason: string };
  'tally.count.sealed.v1': { readonly seen?: SeenState; readonly reason: string };
  'tally.count.unsealed.v1': { readonly seen?: SeenState; readonly reason: string };
  'tally.station.closed.v1': { readonly into?: StationCode; readonly reason: string };
  'tally.candidate.withdrawn.v1': { readonly candidate: CandidateNumber; readonly reason: string };
  /** For the unit that is the subject, and all below it. */
  'tally.device.enrolled.v1': {
    readonly device: string;
    /** Its public key, Ed25519: 32 bytes in base64. */
    readonly key: string;
    /** What its holder may do. */
    readonly role: Role;
    readonly reason?: string;
  };
  'tally.device.revoked.v1': { readonly device: string; readonly reason: string };
  /** A body's signed figures for one of its units: compared, never counted. */
  'tally.minutes.recorded.v1': SpelledFigures & {
    readonly unit: UnitCode;
    readonly contest: ContestId;
    readonly reason: string;
    readonly at?: Timestamp;
    readonly evidence?: readonly string[];
  };
  'tally.contest.certified.v1': { readonly fingerprint: string; readonly position: string; readonly reason: string };
  'tally.contest.reopened.v1': { readonly reason: string };
}

export type EventType = keyof EventData;
export const EVENT_TYPES: readonly EventType[] = [
  'tally.election.opened.v1',
  'tally.sheet.submitted.v1',
  'tally.sheet.resolved.v1',
  'tally.sheet.released.v1',
  'tally.sheet.returned.v1',
  'tally.sheet.verified.v1',
  'tally.sheet.annulled.v1',
  'tally.count.sealed.v1',
  'tally.count.unsealed.v1',
  'tally.station.closed.v1',
  'tally.candidate.withdrawn.v1',
  'tally.device.enrolled.v1',
  'tally.device.revoked.v1',
  'tally.minutes.recorded.v1',
  'tally.contest.certified.v1',
  'tally.contest.reopened.v1',
];

export interface TallyEvent<T extends EventType = EventType> {
  readonly specversion: '1.0';
  /** The sender's id: a UUID, lower case. */
  readonly id: string;
  /** `/elections/<election>` */
  readonly source: string;
  readonly type: T;
  /** `<station>/<contest>`, or the unit or contest concerned, or the election. */
  readonly subject: string;
  /** When the sender made it. */
  readonly time: Timestamp;
  readonly datacontenttype: 'application/json';
  /** Digest of the definition it was written under. */
  readonly tallydefinition: string;
  readonly data: EventData[T] & { readonly actor: Actor };
}

/** Any event, discriminated by `type`. */
export type AnyEvent = { [T in EventType]: TallyEvent<T> }[EventType];

export function makeEvent<T extends EventType>(
  type: T,
  head: { id: string; election: string; subject: string; time: Timestamp; definition: string },
  data: EventData[T] & { readonly actor: Actor },
): TallyEvent<T> {
  return {
    specversion: '1.0',
    id: head.id,
    source: `/elections/${head.election}`,
    type,
    subject: head.subject,
    time: head.time,
    datacontenttype: 'application/json',
    tallydefinition: head.definition,
    data,
  };
}

/** RFC 8785 bytes of any JSON value; throws on what JSON cannot say. */
export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalText(value), 'utf8');
}

export function encodeEvent(event: AnyEvent): Uint8Array {
  return canonicalBytes(event);
}

export type Decoded = { readonly ok: true; readonly event: AnyEvent } | { readonly ok: false; readonly why: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const decoder = new TextDecoder('utf-8', { fatal: true });
const types: ReadonlySet<string> = new Set(EVENT_TYPES);

/** Whether a text is a UUID in lower case, as event ids are kept. */
export function isEventId(id: string): boolean {
  return UUID.test(id);
}

/** Reads a record's bytes. Never throws: a record of another program may be anything. */
export function decodeEvent(bytes: Uint8Array): Decoded {
  if (bytes.length > MAX_EVENT_BYTES) return unreadable(`${bytes.length} bytes, more than ${MAX_EVENT_BYTES}`);
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : 'not JSON');
  }
  if (!isObject(value)) return unreadable('not a JSON object');
  if (value.specversion !== '1.0') return unreadable('specversion is not 1.0');
  if (typeof value.type !== 'string' || !types.has(value.type)) return unreadable('unknown type');
  if (typeof value.id !== 'string' || !UUID.test(value.id)) return unreadable('id is not a lower-case UUID');
  for (const name of ['source', 'subject', 'time', 'tallydefinition'] as const)
    if (typeof value[name] !== 'string') return unreadable(`${name} is not a text`);
  if (!isObject(value.data)) return unreadable('data is not an object');
  if (isDeeper(value, MAX_DEPTH)) return unreadable(`nested deeper than ${MAX_DEPTH}`);
  const why = dataProblem(value.type as EventType, value.data);
  return why ? unreadable(why) : { ok: true, event: value as unknown as AnyEvent };
}

function unreadable(why: string): Decoded {
  return { ok: false, why };
}

type Json = Record<string, unknown>;

/** Events nest four deep. Whoever writes an event out again, or compares it, does so recursively: it must end. */
const MAX_DEPTH = 16;

function isDeeper(value: object, depth: number): boolean {
  if (depth === 0) return true;
  if (Array.isArray(value)) return value.some((inner) => isObjectOrList(inner) && isDeeper(inner, depth - 1));
  const members = value as Json;
  for (const name in members) {
    const inner = members[name];
    if (isObjectOrList(inner) && isDeeper(inner, depth - 1)) return true;
  }
  return false;
}

function isObjectOrList(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether a value of JSON is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why the data of an event lacks the shape its type promises, or null. */
function dataProblem(type: EventType, data: Json): string | null {
  const actor = data.actor;
  if (
    !isObject(actor) ||
    typeof actor.id !== 'string' ||
    typeof actor.role !== 'string' ||
    typeof actor.unit !== 'string'
  )
    return 'data.actor is not {id, role, unit}';
  if (data.reason !== undefined && typeof data.reason !== 'string') return 'data.reason is not a text';
  switch (type) {
    case 'tally.sheet.submitted.v1': {
      const sheet = data.sheet;
      if (!isObject(sheet)) return 'data.sheet is not an object';
      if (typeof sheet.station !== 'string' || typeof sheet.contest !== 'string') return 'data.sheet names no sheet';
      const expected = sheet.expectedRevision;
      if (expected !== undefined && !isOffset(expected)) return 'data.sheet.expectedRevision is not a whole number';
      if (sheet.reason !== undefined && typeof sheet.reason !== 'string') return 'data.sheet.reason is not a text';
      return figuresProblem(sheet) ?? findingsProblem(data.findings);
    }
    case 'tally.sheet.resolved.v1':
      return figuresProblem(data) ?? findingsProblem(data.findings) ?? seenProblem(data.seen) ?? reasonProblem(data);
    case 'tally.sheet.released.v1':
    case 'tally.sheet.returned.v1':
    case 'tally.sheet.annulled.v1':
      return seenProblem(data.seen) ?? reasonProblem(data);
    case 'tally.sheet.verified.v1':
      return seenProblem(data.seen);
    case 'tally.count.sealed.v1':
    case 'tally.count.unsealed.v1':
      return (data.seen === undefined ? null : seenProblem(data.seen)) ?? reasonProblem(data);
    case 'tally.station.closed.v1':
      if (data.into !== undefined && typeof data.into !== 'string') return 'data.into is not a code';
      return reasonProblem(data);
    case 'tally.candidate.withdrawn.v1':
      return typeof data.candidate === 'string' ? reasonProblem(data) : 'data.candidate is not a text';
    case 'tally.device.enrolled.v1':
      for (const name of ['device', 'key', 'role'] as const)
        if (typeof data[name] !== 'string') return `data.${name} is not a text`;
      return null;
    case 'tally.device.revoked.v1':
      return typeof data.device === 'string' ? reasonProblem(data) : 'data.device is not a text';
    case 'tally.minutes.recorded.v1':
      if (typeof data.unit !== 'string' || typeof data.contest !== 'string') return 'data names no unit and contest';
      return figuresProblem(data) ?? reasonProblem(data);
    case 'tally.contest.certified.v1':
      if (typeof data.fingerprint !== 'string' || typeof data.position !== 'string') return 'data binds no fingerprint';
      return reasonProblem(data);
    case 'tally.contest.reopened.v1':
      return reasonProblem(data);
    case 'tally.election.opened.v1':
      return typeof data.id === 'string' && isOffset(data.shards) ? null : 'data is not {id, shards}';
  }
}

function reasonProblem(data: Json): string | null {
  return typeof data.reason === 'string' && data.reason.trim() !== '' ? null : 'data.reason is missing';
}

function isOffset(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function seenProblem(seen: unknown): string | null {
  return isObject(seen) && isOffset(seen.revision) && isOffset(seen.offset)
    ? null
    : 'data.seen is not {revision, offset}';
}

function figuresProblem(holder: Json): string | null {
  if (!isObject(holder.fields) || !isObject(holder.votes)) return 'fields or votes are not objects';
  return null;
}

function findingsProblem(findings: unknown): string | null {
  if (!Array.isArray(findings)) return 'data.findings is not a list';
  const ok = findings.every(
    (finding: unknown) =>
      isObject(finding) &&
      typeof finding.rule === 'string' &&
      (finding.severity === 'info' || finding.severity === 'warning' || finding.severity === 'error'),
  );
  return ok ? null : 'data.findings has an entry that is not {rule, severity}';
}

/**
 * Digest of what the sender sent, by its account: two events with one id are repeats of each other exactly if these
 * are equal (contracts §2). The first 16 bytes of a SHA-256, a character a byte; findings and time of arrival do not
 * enter.
 */
export function contentDigest(event: AnyEvent): string {
  const { type, subject, data } = event;
  let text = JSON.stringify([type, subject, data.actor.id]);
  for (const name of Object.keys(data))
    if (name !== 'actor' && name !== 'findings' && name !== 'rules')
      text += `${JSON.stringify(name)}:${JSON.stringify((data as unknown as Json)[name])}`;
  return hash('sha256', text, 'binary').slice(0, 16);
}
