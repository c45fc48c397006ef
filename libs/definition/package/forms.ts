/**
 * `levels` and `forms` of election.json.
 */
import type { Node } from 'jsonc-parser';
import type { FieldRole, Form, FormField, FormId, Language, Level } from '#domain';
import { shown } from '../problems.ts';
import { identifierFault } from '../source/codes.ts';
import type { JsonObject, JsonReader } from '../source/json-reader.ts';
import { readTexts } from './languages.ts';

export const FIELD_ROLES: readonly FieldRole[] = [
  'registered',
  'voted',
  'issued',
  'spoiled',
  'unused',
  'collected',
  'valid',
  'invalid',
  'blank',
];

/** They are columns of a sheet's CSV, where fields stand beside them (contracts §2). */
const SHEET_COLUMNS: ReadonlySet<string> = new Set([
  'station',
  'contest',
  'id',
  'expectedRevision',
  'at',
  'via',
  'cause',
  'reason',
]);

export const MIN_LEVELS = 2;
export const MAX_LEVELS = 8;

export interface FormEntry {
  readonly form: Form;
  /** Where `shareOf` stands. */
  readonly shareOf: Node | undefined;
}

/** An identifier that stands in election.json or a rule file. */
export function readIdentifier(reader: JsonReader, node: Node, what: string): string | undefined {
  const id = reader.text(node, what);
  if (id === undefined) return undefined;
  const fault = identifierFault(id, what);
  if (fault) reader.problem(node, 'bad-identifier', fault);
  return fault ? undefined : id;
}

export function readLevels(
  reader: JsonReader,
  node: Node,
  what: string,
  languages: readonly Language[],
): Level[] | undefined {
  const nodes = reader.list(node, what);
  if (!nodes) return undefined;
  if (nodes.length < MIN_LEVELS || nodes.length > MAX_LEVELS)
    reader.problem(
      node,
      'out-of-range',
      `${what} must list ${MIN_LEVELS} to ${MAX_LEVELS} levels, root first, found ${nodes.length}`,
    );
  const levels: Level[] = [];
  for (const one of nodes) {
    const object = reader.object(one, 'a level', ['id', 'name']);
    const id = object?.required('id', (value, name) => readIdentifier(reader, value, name));
    const name = object?.required('name', (value, label) => readTexts(reader, value, label, languages));
    if (id === undefined) continue;
    if (levels.some((level) => level.id === id)) reader.problem(one, 'duplicate-id', `level ${shown(id)} stands twice`);
    levels.push({ id, name: name ?? {} });
  }
  return levels;
}

export function readForms(
  reader: JsonReader,
  node: Node,
  what: string,
  languages: readonly Language[],
): Map<FormId, FormEntry> | undefined {
  const members = reader.members(node, what);
  if (!members) return undefined;
  if (members.size === 0) reader.problem(node, 'empty', `${what} is empty; a contest needs a form`);
  const forms = new Map<FormId, FormEntry>();
  for (const [id, { key, value }] of members) {
    const fault = identifierFault(id, 'the id of a form');
    if (fault) reader.problem(key, 'bad-identifier', fault);
    const entry = readForm(reader, value, `form ${shown(id)}`, languages);
    if (entry) forms.set(id, entry);
  }
  return forms;
}

function readForm(reader: JsonReader, node: Node, what: string, languages: readonly Language[]): FormEntry | undefined {
  const object = reader.object(node, what, ['fields', 'shareOf']);
  if (!object) return undefined;
  const shareOf = object.optional('shareOf', (value, name) => reader.text(value, name));
  const nodes = object.required('fields', (value, name) => reader.list(value, name)) ?? [];
  const fields: FormField[] = [];
  for (const one of nodes) {
    const field = readField(reader, one, what, languages);
    if (!field) continue;
    const clash = fieldClash(field, fields);
    if (clash) reader.problem(one, 'duplicate-id', clash);
    fields.push(field);
  }
  return { form: { fields, ...(shareOf !== undefined && { shareOf }) }, shareOf: object.get('shareOf') };
}

function readField(
  reader: JsonReader,
  node: Node,
  form: string,
  languages: readonly Language[],
): FormField | undefined {
  const object = reader.object(node, `a field of ${form}`, ['id', 'name', 'role', 'optional', 'repeat', 'type']);
  if (!object) return undefined;
  const id = object.required('id', (value, what) => readFieldId(reader, value, what));
  const name = object.required('name', (value, what) => readTexts(reader, value, what, languages));
  const role = object.optional('role', (value, what) => reader.oneOf(value, what, FIELD_ROLES));
  const optional = object.optional('optional', (value, what) => reader.boolean(value, what));
  const repeat = object.optional('repeat', (value, what) => reader.oneOf(value, what, ['seats'] as const));
  const type = object.optional('type', (value, what) => reader.oneOf(value, what, ['time'] as const));
  tellCombinations(object, { role, repeat, type });
  if (id === undefined) return undefined;
  return {
    id,
    name: name ?? {},
    ...(role && { role }),
    ...(optional && { optional: true as const }),
    ...(repeat && { repeat }),
    ...(type && { type }),
  };
}

function readFieldId(reader: JsonReader, node: Node, what: string): string | undefined {
  const id = readIdentifier(reader, node, what);
  if (id === undefined || (!SHEET_COLUMNS.has(id) && !id.startsWith('votes.'))) return id;
  reader.problem(
    node,
    'name-taken',
    `${what} is ${shown(id)}, which is a column of the sheet's CSV file already; choose another`,
  );
  return undefined;
}

function tellCombinations(
  object: JsonObject,
  { role, repeat, type }: { role: unknown; repeat: unknown; type: unknown },
): void {
  const tell = (name: string, message: string) => object.reader.problem(object.get(name)!, 'contradiction', message);
  if (type && role) tell('role', 'a time has no role: roles are for counts');
  if (type && repeat) tell('repeat', 'a time cannot repeat by seats');
  if (repeat && role) tell('role', 'a field that repeats by seats has no role: roles are for single counts');
}

/** Ids are unique also when repeated fields are spelled out (`n` gives `n.1`, `n.2` …); a role stands once. */
function fieldClash(field: FormField, before: readonly FormField[]): string | undefined {
  for (const other of before) {
    if (other.id === field.id) return `field ${shown(field.id)} stands twice in this form`;
    if (isExpansion(field.id, other) || isExpansion(other.id, field))
      return `fields ${shown(other.id)} and ${shown(field.id)} meet when repeated by seats; rename one`;
    if (field.role && other.role === field.role)
      return `role ${shown(field.role)} is given to ${shown(other.id)} already; a role stands once in a form`;
  }
  return undefined;
}

function isExpansion(id: string, { id: base, repeat }: FormField): boolean {
  return repeat !== undefined && id.startsWith(`${base}.`) && /^[1-9]\d*$/.test(id.slice(base.length + 1));
}
