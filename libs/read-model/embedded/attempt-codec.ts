/**
 * How an attempt is written: which of its parts it has, as bits, then those parts. Offset and shard stand in its block.
 */
import type { Actor, EventType, Finding, RejectionCode, SheetChange, SheetStatus, SubmittedSheet } from '#domain';
import type { AttemptDoc } from '../port.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { readShaped, type Shape, type ShapeTable } from './sheet-shapes.ts';
import { readTexts, readView, writeTexts, writeView } from './view-codec.ts';
import { readWord, writeWord } from './words.ts';

const ID = 1;
const TYPE = 2;
const SUBJECT = 4;
const TIME = 8;
const ACTOR = 16;
const DATA = 32;
const FINDINGS = 64;
const REJECTED = 128;
const REJECTION = 256;
const DETAIL = 512;
const FIRST = 1024;
const STATION = 2048;
const CONTEST = 4096;
const REVISION = 8192;
const STATUS = 16384;

/** What the codec knows of an attempt: whoever adds to `AttemptDoc` is sent here by the type checker. */
const PARTS: Record<keyof AttemptDoc, number> = {
  shard: 0,
  offset: 0,
  logTime: 0,
  id: ID,
  type: TYPE,
  subject: SUBJECT,
  time: TIME,
  actor: ACTOR,
  data: DATA,
  findings: FINDINGS,
  outcome: REJECTED,
  rejection: REJECTION,
  detail: DETAIL,
  first: FIRST,
  station: STATION,
  contest: CONTEST,
  revision: REVISION,
  status: STATUS,
  changes: 0,
  units: 0,
};

export function writeAttempt(to: ByteWriter, doc: AttemptDoc, shapes: ShapeTable): void {
  const { id, type, subject, time, actor, data, findings, rejection, detail, first } = doc;
  const { station, contest, revision, status } = doc;
  to.whole(
    (id !== undefined ? ID : 0) |
      (type !== undefined ? TYPE : 0) |
      (subject !== undefined ? SUBJECT : 0) |
      (time !== undefined ? TIME : 0) |
      (actor !== undefined ? ACTOR : 0) |
      (data !== undefined ? DATA : 0) |
      (findings !== undefined ? FINDINGS : 0) |
      (doc.outcome === 'rejected' ? REJECTED : 0) |
      (rejection !== undefined ? REJECTION : 0) |
      (detail !== undefined ? DETAIL : 0) |
      (first !== undefined ? FIRST : 0) |
      (station !== undefined ? STATION : 0) |
      (contest !== undefined ? CONTEST : 0) |
      (revision !== undefined ? REVISION : 0) |
      (status !== undefined ? STATUS : 0),
  );
  to.whole(doc.logTime);
  if (id !== undefined) to.text(id);
  if (type !== undefined) writeWord(to, type);
  if (subject !== undefined) to.text(subject);
  if (time !== undefined) to.text(time);
  if (rejection !== undefined) writeWord(to, rejection);
  if (detail !== undefined) to.text(detail);
  if (first !== undefined) to.whole(first);
  if (station !== undefined) to.text(station);
  if (contest !== undefined) to.text(contest);
  if (revision !== undefined) to.whole(revision);
  if (status !== undefined) writeWord(to, status);
  if (actor !== undefined) writeActor(to, actor);
  if (findings !== undefined) writeFindings(to, findings);
  writeChanges(to, doc);
  writeTexts(to, doc.units);
  if (data !== undefined) writeData(to, doc, data, shapes);
}

export function readAttempt(from: ByteReader, shard: number, offset: number, shapes: readonly Shape[]): AttemptDoc {
  const parts = from.whole();
  const has = (part: keyof AttemptDoc) => (parts & PARTS[part]) !== 0;
  const doc: { -readonly [K in keyof AttemptDoc]: AttemptDoc[K] } = {
    shard,
    offset,
    logTime: from.whole(),
    outcome: has('outcome') ? 'rejected' : 'accepted',
    changes: [],
    units: [],
  };
  if (has('id')) doc.id = from.text();
  if (has('type')) doc.type = readWord<EventType>(from);
  if (has('subject')) doc.subject = from.text();
  if (has('time')) doc.time = from.text();
  if (has('rejection')) doc.rejection = readWord<RejectionCode>(from);
  if (has('detail')) doc.detail = from.text();
  if (has('first')) doc.first = from.whole();
  if (has('station')) doc.station = from.text();
  if (has('contest')) doc.contest = from.text();
  if (has('revision')) doc.revision = from.whole();
  if (has('status')) doc.status = readWord<SheetStatus>(from);
  if (has('actor')) doc.actor = readActor(from);
  if (has('findings')) doc.findings = from.byte() === 0 ? [] : from.json<Finding[]>();
  doc.changes = readChanges(from, doc);
  doc.units = readTexts(from);
  if (has('data')) doc.data = readData(from, doc, shapes);
  return doc;
}

const AS_JSON = 0;
const IN_PARTS = 1;

function writeActor(to: ByteWriter, actor: Actor): void {
  let names = 0;
  for (const _name in actor) names += 1;
  const { id, role, unit } = actor;
  if (names !== 3 || typeof id !== 'string' || typeof role !== 'string' || typeof unit !== 'string') {
    to.byte(AS_JSON);
    to.json(actor);
    return;
  }
  to.byte(IN_PARTS);
  to.text(id);
  writeWord(to, role);
  to.text(unit);
}

function readActor(from: ByteReader): Actor {
  if (from.byte() === AS_JSON) return from.json<Actor>();
  return { id: from.text(), role: readWord(from), unit: from.text() };
}

function writeFindings(to: ByteWriter, findings: readonly Finding[]): void {
  to.byte(findings.length === 0 ? 0 : 1);
  if (findings.length > 0) to.json(findings);
}

/* ------------------------------------------------------------ changes */

const OF_THE_SHEET = 1;
const BEFORE = 2;

function writeChanges(to: ByteWriter, doc: AttemptDoc): void {
  to.whole(doc.changes.length);
  for (const { station, contest, before, after } of doc.changes) {
    const ofTheSheet = station === doc.station && contest === doc.contest;
    to.byte((ofTheSheet ? OF_THE_SHEET : 0) | (before ? BEFORE : 0));
    if (!ofTheSheet) {
      to.text(station);
      to.text(contest);
    }
    if (before) writeView(to, before);
    writeView(to, after);
  }
}

function readChanges(from: ByteReader, doc: AttemptDoc): SheetChange[] {
  return Array.from({ length: from.whole() }, () => {
    const flags = from.byte();
    const station = flags & OF_THE_SHEET ? doc.station! : from.text();
    const contest = flags & OF_THE_SHEET ? doc.contest! : from.text();
    const before = flags & BEFORE ? readView(from) : null;
    return { station, contest, before, after: readView(from) };
  });
}

/* ------------------------------------------------------------ the sender's data */

type Data = NonNullable<AttemptDoc['data']>;

/**
 * A submitted sheet, most of all attempts, is written as its figures and the rest as JSON; other data as JSON.
 * Whether data is a sheet is seen from its shape, not from the type: senders may write anything.
 */
function writeData(to: ByteWriter, doc: AttemptDoc, data: Data, shapes: ShapeTable): void {
  const sheet: unknown = 'sheet' in data ? data.sheet : undefined;
  const shape = isSheet(sheet) ? shapes.find(doc.contest ?? '', sheet.fields, sheet.votes) : null;
  if (!isSheet(sheet) || !shape) {
    to.byte(AS_JSON);
    to.json(data);
    return;
  }
  to.byte(IN_PARTS);
  shapes.write(to, shape, sheet.fields, sheet.votes);
  if (isPlain(doc, data, sheet)) writePlain(to, data, sheet);
  else writeRest(to, data, sheet);
}

function readData(from: ByteReader, doc: AttemptDoc, shapes: readonly Shape[]): Data {
  if (from.byte() === AS_JSON) return from.json<Data>();
  const { fields, votes } = readShaped(from, shapes);
  const { data, sheet } = readRest(from, doc);
  sheet.fields = fields;
  sheet.votes = votes;
  data.sheet = sheet;
  return data as Data;
}

function isSheet(sheet: unknown): sheet is SubmittedSheet {
  return isObject(sheet) && isObject(sheet.fields) && isObject(sheet.votes);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const PLAIN = 1;
const HAS_VIA = 2;
const HAS_EXPECTED = 4;
const HAS_RULES = 8;

/** Whether data is figures, the station and contest they are filed under, and at most what `writePlain` writes. */
function isPlain(doc: AttemptDoc, data: Data, sheet: SubmittedSheet): boolean {
  for (const name in data) {
    if (name === 'sheet') continue;
    if (name !== 'rules' || typeof (data as { rules: unknown }).rules !== 'string') return false;
  }
  let filed = 0;
  for (const name in sheet) {
    if (name === 'fields' || name === 'votes') continue;
    if (name === 'station' && sheet.station === doc.station) filed += 1;
    else if (name === 'contest' && sheet.contest === doc.contest) filed += 1;
    else if (name === 'via' && typeof sheet.via === 'string') continue;
    else if (
      name === 'expectedRevision' &&
      Number.isSafeInteger(sheet.expectedRevision) &&
      sheet.expectedRevision! >= 0
    )
      continue;
    else return false;
  }
  return filed === 2;
}

function writeRest(to: ByteWriter, data: Data, { fields: _fields, votes: _votes, ...sheet }: SubmittedSheet): void {
  to.byte(0);
  to.json({ data: { ...data, sheet: undefined }, sheet });
}

function writePlain(to: ByteWriter, data: Data, { via, expectedRevision }: SubmittedSheet): void {
  const rules = 'rules' in data ? (data.rules as string) : undefined;
  to.byte(
    PLAIN |
      (via !== undefined ? HAS_VIA : 0) |
      (expectedRevision !== undefined ? HAS_EXPECTED : 0) |
      (rules !== undefined ? HAS_RULES : 0),
  );
  if (via !== undefined) writeWord(to, via);
  if (expectedRevision !== undefined) to.whole(expectedRevision);
  if (rules !== undefined) to.text(rules);
}

interface Rest {
  readonly data: Record<string, unknown>;
  readonly sheet: Record<string, unknown>;
}

function readRest(from: ByteReader, doc: AttemptDoc): Rest {
  const flags = from.byte();
  if (!(flags & PLAIN)) return from.json<Rest>();
  const sheet: Record<string, unknown> = { station: doc.station, contest: doc.contest };
  if (flags & HAS_VIA) sheet.via = readWord(from);
  if (flags & HAS_EXPECTED) sheet.expectedRevision = from.whole();
  return { sheet, data: flags & HAS_RULES ? { rules: from.text() } : {} };
}
