/**
 * The structure of a sheet, checked at once and completely (contracts §2): whatever is wrong with what a sender sent is
 * listed, each problem with a JSON Pointer (RFC 6901), a code and words. Rules are another matter: they never refuse.
 */

import { isSignatureText } from './devices.ts';
import type { Contest, Election, Unit } from './election.ts';
import { isEventId, type Signature, type SubmittedSheet } from './events.ts';
import { type FigureLayout, type Figures, MAX_COUNT, NOT_STATED, type Times } from './figures.ts';
import { isTimestamp } from './times.ts';

export interface StructureProblem {
  /** RFC 6901, into the sheet as sent; empty for the whole. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

export interface CheckedSheet {
  readonly id: string;
  readonly sheet: SubmittedSheet;
  /** Where a device signed it; not checked here, which needs the keys that are enrolled. */
  readonly signed?: Signature;
  readonly contest: Contest;
  readonly station: Unit;
  readonly figures: Figures;
  readonly times: Times;
}

export type SheetCheck =
  | { readonly ok: true; readonly value: CheckedSheet }
  | { readonly ok: false; readonly problems: readonly StructureProblem[] };

export interface CheckOptions {
  /** Whether the sheet must say which revision it expects (not in a bulk import). */
  readonly revisionRequired: boolean;
}

type Json = Record<string, unknown>;
type Report = (pointer: string, code: string, message: string) => void;

const KNOWN = new Set([
  'id',
  'station',
  'contest',
  'expectedRevision',
  'fields',
  'votes',
  'at',
  'via',
  'cause',
  'reason',
  'acknowledged',
  'evidence',
  'device',
  'signature',
]);
const VIAS = ['paper', 'phone', 'photo', 'device', 'import'] as const;
const CAUSES = ['entry', 'paper', 'recount', 'order'] as const;
const MAX_TEXT = 2_000;
const MAX_LIST = 100;
const EVIDENCE = /^sha256:[0-9a-f]{64}$/;

/** Checks a sheet as sent, against the election it is for. Never throws. */
export function checkSheet(election: Election, raw: unknown, options: CheckOptions): SheetCheck {
  if (!isObject(raw))
    return { ok: false, problems: [{ pointer: '', code: 'not-an-object', message: 'A sheet is a JSON object.' }] };
  const problems: StructureProblem[] = [];
  const report: Report = (pointer, code, message) => problems.push({ pointer, code, message });

  for (const name of Object.keys(raw))
    if (!KNOWN.has(name)) report(`/${escapePointer(name)}`, 'unknown-field', `A sheet has no "${shorten(name)}".`);
  const id = checkId(raw.id, report);
  const { station, contest } = checkPlace(election, raw, report);
  const figures = contest ? readFigures(contest.layout, raw.fields, raw.votes, report) : null;
  checkRevision(raw, options, report);
  checkTexts(raw, report);
  const signed = checkSignature(raw, report);

  if (problems.length > 0 || !id || !station || !contest || !figures) return { ok: false, problems };
  const { id: _id, device: _device, signature: _signature, ...sent } = raw;
  const sheet = sent as unknown as SubmittedSheet;
  return { ok: true, value: { id, sheet, ...(signed && { signed }), contest, station, ...figures } };
}

/** Both of device and signature, or neither. */
function checkSignature({ device, signature }: Json, report: Report): Signature | null {
  if (device === undefined && signature === undefined) return null;
  const isNamed = typeof device === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(device);
  const isSigned = typeof signature === 'string' && isSignatureText(signature);
  if (!isNamed)
    report(
      '/device',
      device === undefined ? 'missing' : 'bad-device',
      'device must be the id of the device that signed, as it was enrolled.',
    );
  if (!isSigned)
    report(
      '/signature',
      signature === undefined ? 'missing' : 'bad-signature',
      'signature must be an Ed25519 signature, 64 bytes in base64; a sheet that names its device is signed by it.',
    );
  return isNamed && isSigned ? { device, signature } : null;
}

function checkId(id: unknown, report: Report): string | null {
  if (typeof id === 'string' && isEventId(id.toLowerCase())) return id.toLowerCase();
  report('/id', id === undefined ? 'missing' : 'bad-id', 'id must be a UUID, made by the sender before sending.');
  return null;
}

function checkPlace(election: Election, raw: Json, report: Report): { station?: Unit; contest?: Contest } {
  const contest = typeof raw.contest === 'string' ? election.contest(raw.contest) : undefined;
  if (raw.contest === undefined) report('/contest', 'missing', 'The sheet names no contest.');
  else if (!contest) report('/contest', 'unknown-contest', `There is no contest ${quote(raw.contest)}.`);
  const unit = typeof raw.station === 'string' ? election.unit(raw.station) : undefined;
  if (raw.station === undefined) report('/station', 'missing', 'The sheet names no station.');
  else if (!unit) report('/station', 'unknown-station', unknownStation(election, raw.station));
  else if (!unit.isStation)
    report('/station', 'not-a-station', `${unit.code} is not a station: sheets are counted at the last level only.`);
  else if (contest && !contest.hasStation(unit.code))
    report('/station', 'not-in-contest', `Station ${unit.code} does not vote in contest ${contest.id}.`);
  else return { station: unit, contest };
  return { contest };
}

/** A code that is unknown only for want of leading zeros is told so (contracts, head). */
function unknownStation(election: Election, code: unknown): string {
  const text = typeof code === 'number' ? String(code) : code;
  if (typeof text !== 'string') return 'station must be a text: the code of a station.';
  for (let zeros = 1; zeros <= 8; zeros += 1) {
    const padded = '0'.repeat(zeros) + text;
    if (election.unit(padded)?.isStation)
      return `There is no station ${quote(code)}; did you mean "${padded}"? Leading zeros belong to the code.`;
  }
  return typeof code === 'string'
    ? `There is no station ${quote(code)}.`
    : 'station must be a text: the code of a station.';
}

function checkRevision(raw: Json, options: CheckOptions, report: Report): void {
  const expected = raw.expectedRevision;
  if (expected === undefined) {
    if (options.revisionRequired)
      report('/expectedRevision', 'missing', 'expectedRevision is missing: the revision you saw, 0 for a first sheet.');
    return;
  }
  const why = countProblem(expected);
  if (why) report('/expectedRevision', why.code, `expectedRevision ${why.message}`);
  else if ((expected as number) >= 1 && !isText(raw.reason))
    report('/reason', 'reason-required', 'A correction needs a reason (from revision 2 on).');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function checkTexts(raw: Json, report: Report): void {
  if (raw.at !== undefined && !isTimestamp(raw.at))
    report('/at', 'bad-time', 'at must be a time as in 2021-05-23T21:10:00+07:00 (RFC 3339 with an offset).');
  oneOf(raw, 'via', VIAS, report);
  oneOf(raw, 'cause', CAUSES, report);
  if (raw.reason !== undefined) {
    if (!isText(raw.reason)) report('/reason', 'bad-text', 'reason must be a text that says something.');
    else if (raw.reason.length > MAX_TEXT)
      report('/reason', 'too-long', `reason has more than ${MAX_TEXT} characters.`);
  }
  listOf(raw, 'acknowledged', (value) => typeof value === 'string' && value.length <= 200, 'a rule id', report);
  listOf(
    raw,
    'evidence',
    (value) => typeof value === 'string' && EVIDENCE.test(value),
    'sha256:<64 hex digits>',
    report,
  );
}

function oneOf(raw: Json, name: string, allowed: readonly string[], report: Report): void {
  const value = raw[name];
  if (value !== undefined && !(typeof value === 'string' && allowed.includes(value)))
    report(`/${name}`, 'bad-choice', `${name} must be one of ${allowed.join(', ')}; found ${quote(value)}.`);
}

function listOf(raw: Json, name: string, ok: (value: unknown) => boolean, what: string, report: Report): void {
  const value = raw[name];
  if (value === undefined) return;
  if (!Array.isArray(value) || value.length > MAX_LIST) {
    report(`/${name}`, 'bad-list', `${name} must be a list of at most ${MAX_LIST} entries.`);
    return;
  }
  value.forEach((entry, i) => {
    if (!ok(entry)) report(`/${name}/${i}`, 'bad-entry', `${name} entries are ${what}; found ${quote(entry)}.`);
  });
}

/**
 * Reads fields and votes into a vector of the contest's layout, reporting every unknown, missing or impossible number.
 * Returns null where anything was reported.
 */
export function readFigures(
  layout: FigureLayout,
  fields: unknown,
  votes: unknown,
  report: Report,
): { figures: Figures; times: Times } | null {
  let sound = true;
  const tell: Report = (pointer, code, message) => {
    sound = false;
    report(pointer, code, message);
  };
  const figures = new Array<number>(layout.length).fill(NOT_STATED);
  const times: Record<string, string> = {};
  if (isObject(fields)) readFields(layout, fields, figures, times, tell);
  else if (fields !== undefined || layout.fields.some((field) => !field.optional))
    tell(
      '/fields',
      fields === undefined ? 'missing' : 'not-an-object',
      'fields must be an object of numbers by field id.',
    );
  if (isObject(votes)) readVotes(layout, votes, figures, tell);
  else
    tell(
      '/votes',
      votes === undefined ? 'missing' : 'not-an-object',
      'votes must be an object of numbers by candidate.',
    );
  return sound ? { figures, times } : null;
}

function readFields(
  layout: FigureLayout,
  fields: Json,
  figures: number[],
  times: Record<string, string>,
  tell: Report,
): void {
  for (const name of Object.keys(fields)) {
    const place = layout.fieldPlace.get(name);
    const value = fields[name];
    if (place !== undefined) {
      const why = countProblem(value);
      if (why) tell(`/fields/${escapePointer(name)}`, why.code, `${name} ${why.message}`);
      else figures[place] = value as number;
    } else if (layout.times.some((field) => field.id === name)) {
      if (isTimestamp(value)) times[name] = value;
      else
        tell(
          `/fields/${escapePointer(name)}`,
          'bad-time',
          `${name} must be a time (RFC 3339 with an offset); found ${quote(value)}.`,
        );
    } else tell(`/fields/${escapePointer(name)}`, 'unknown-field', `The form has no field "${shorten(name)}".`);
  }
  layout.fields.forEach(({ id, optional }) => {
    if (!optional && !Object.hasOwn(fields, id))
      tell(`/fields/${escapePointer(id)}`, 'missing', `Field ${id} is missing.`);
  });
  for (const { id, optional } of layout.times)
    if (!optional && !Object.hasOwn(fields, id))
      tell(`/fields/${escapePointer(id)}`, 'missing', `Time ${id} is missing.`);
}

function readVotes(layout: FigureLayout, votes: Json, figures: number[], tell: Report): void {
  for (const number of Object.keys(votes)) {
    const place = layout.candidatePlace.get(number);
    const value = votes[number];
    if (place === undefined) {
      tell(
        `/votes/${escapePointer(number)}`,
        'unknown-candidate',
        `The contest has no candidate "${shorten(number)}".`,
      );
      continue;
    }
    const why = countProblem(value);
    if (why) tell(`/votes/${escapePointer(number)}`, why.code, `The votes of candidate ${number} ${why.message}`);
    else figures[place] = value as number;
  }
  for (const number of layout.candidates)
    if (!Object.hasOwn(votes, number))
      tell(`/votes/${escapePointer(number)}`, 'missing', `The votes of candidate ${number} are missing.`);
}

/** Why a value is no count, or null. Counts are whole numbers from 0 to 999,999,999, never reinterpreted. */
export function countProblem(value: unknown): { code: string; message: string } | null {
  if (typeof value === 'number') {
    if (Number.isInteger(value) && value >= 0 && value <= MAX_COUNT && !Object.is(value, -0)) return null;
    if (!Number.isFinite(value)) return { code: 'not-a-number', message: 'is not a number.' };
    if (value < 0 || Object.is(value, -0))
      return { code: 'negative', message: `must not be negative; found ${value}.` };
    if (!Number.isInteger(value)) return { code: 'fractional', message: `must be a whole number; found ${value}.` };
    return { code: 'too-large', message: `must be at most ${MAX_COUNT}; found ${value}.` };
  }
  return { code: 'not-a-number', message: `must be a whole number (digits only, no quotes); found ${quote(value)}.` };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function escapePointer(name: string): string {
  return shorten(name).replaceAll('~', '~0').replaceAll('/', '~1');
}

function shorten(text: string): string {
  return text.length > 64 ? `${text.slice(0, 61)}...` : text;
}

function quote(value: unknown): string {
  if (typeof value === 'string') return `"${shorten(value)}"`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : 'an object';
}
