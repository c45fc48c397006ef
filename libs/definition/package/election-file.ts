/**
 * election.json: the head of a package.
 */
import type { Node } from 'jsonc-parser';
import { type Definition, type FormId, isDate, isTimestamp, type Language, type Level } from '#domain';
import { type Problems, shown } from '../problems.ts';
import type { JsonFile } from '../source/json.ts';
import { type JsonObject, JsonReader } from '../source/json-reader.ts';
import { type FormEntry, readForms, readLevels } from './forms.ts';
import { languageFault, languagesOfNames, readTexts } from './languages.ts';
import { readPublish } from './publish.ts';
import { endOfDay, isTimezone } from './times.ts';

const MEMBERS = [
  'id',
  'name',
  'date',
  'timezone',
  'rehearsal',
  'polls',
  'publish',
  'languages',
  'levels',
  'shards',
  'shardLevel',
  'forms',
  'rules',
  'entry',
  'holdOn',
  'leaderThreshold',
];
const MAX_SHARDS = 1000;
const DEFAULT_LEADER_THRESHOLD = 0.5;
const ELECTION_ID = /^[a-z0-9-]{1,64}$/;
const REHEARSAL = /-rehearsal$/;

type Head = Omit<
  Definition,
  'format' | 'forms' | 'units' | 'contests' | 'candidates' | 'electorates' | 'rules' | 'packs' | 'map'
>;

/** What `rules` names: a pack or a file, and where. */
export interface RuleSource {
  readonly name: string;
  readonly node: Node;
}

export interface ElectionFile {
  readonly reader: JsonReader;
  /** Complete only where no problem was told. */
  readonly head: Head;
  readonly forms: ReadonlyMap<FormId, FormEntry>;
  readonly ruleSources: readonly RuleSource[];
}

export function readElectionFile(json: JsonFile, problems: Problems): ElectionFile | undefined {
  const reader = new JsonReader(json, problems);
  const object = reader.object(json.root, 'election.json', MEMBERS);
  if (!object) return undefined;
  const languages = readLanguages(object);
  const name = object.required('name', (node, what) => readTexts(reader, node, what, languages));
  const levels = object.required('levels', (node, what) => readLevels(reader, node, what, languages)) ?? [];
  const forms = object.required('forms', (node, what) => readForms(reader, node, what, languages)) ?? new Map();
  const rehearsal = object.optional('rehearsal', (node, what) => reader.boolean(node, what)) ?? false;
  const id = object.required('id', (node, what) => readElectionId(reader, node, what, rehearsal));
  const date = object.required('date', (node, what) => readDate(reader, node, what));
  const timezone = object.required('timezone', (node, what) => readTimezone(reader, node, what));
  const polls = readPolls(object, date, timezone);
  const publish = readPublish(reader, object.get('publish'), { levels, closes: polls.closes, rehearsal });
  const head: Head = {
    id: id ?? '',
    name: name ?? {},
    date: date ?? '',
    timezone: timezone ?? '',
    rehearsal,
    polls: { ...polls, closes: polls.closes ?? '' },
    publish: publish as Definition['publish'],
    languages,
    levels,
    shards: object.optional('shards', (node, what) => reader.wholeNumber(node, what, 1, MAX_SHARDS)) ?? 1,
    shardLevel: readShardLevel(object, levels),
    entry: object.optional('entry', (node, what) => reader.oneOf(node, what, ['single', 'double'])) ?? 'single',
    holdOn:
      object.optional('holdOn', (node, what) => reader.oneOf(node, what, ['error', 'warning', 'never'])) ?? 'error',
    leaderThreshold:
      object.optional('leaderThreshold', (node, what) => reader.number(node, what, 0, 1)) ?? DEFAULT_LEADER_THRESHOLD,
  };
  return { reader, head, forms, ruleSources: readRuleSources(object) };
}

function readElectionId(reader: JsonReader, node: Node, what: string, rehearsal: boolean): string | undefined {
  const id = reader.text(node, what);
  if (id === undefined) return undefined;
  if (!ELECTION_ID.test(id))
    reader.problem(
      node,
      'bad-identifier',
      `${what} must be 1 to 64 lower-case letters, digits and "-", found ${shown(id)}`,
    );
  else if (rehearsal && !REHEARSAL.test(id))
    reader.problem(
      node,
      'rehearsal-id',
      `the id of a rehearsal ends in "-rehearsal"; write ${shown(`${id}-rehearsal`)}, or take "rehearsal": true out`,
    );
  else if (!rehearsal && REHEARSAL.test(id))
    reader.problem(
      node,
      'rehearsal-id',
      `only a rehearsal's id ends in "-rehearsal"; write "rehearsal": true, or choose another id`,
    );
  return id;
}

function readDate(reader: JsonReader, node: Node, what: string): string | undefined {
  const date = reader.text(node, what);
  if (date === undefined || isDate(date)) return date;
  reader.problem(node, 'bad-date', `${what} must be a day such as "2021-05-23", found ${shown(date)}`);
  return undefined;
}

function readTimezone(reader: JsonReader, node: Node, what: string): string | undefined {
  const timezone = reader.text(node, what);
  if (timezone === undefined || isTimezone(timezone)) return timezone;
  reader.problem(
    node,
    'bad-timezone',
    `${what} must be a zone of the IANA database such as "Asia/Ho_Chi_Minh", found ${shown(timezone)}`,
  );
  return undefined;
}

function readTime(reader: JsonReader, node: Node, what: string): string | undefined {
  const time = reader.text(node, what);
  if (time === undefined || isTimestamp(time)) return time;
  reader.problem(
    node,
    'bad-time',
    `${what} must be a time with an offset such as "2021-05-23T19:00:00+07:00", found ${shown(time)}`,
  );
  return undefined;
}

function readPolls(
  object: JsonObject,
  date: string | undefined,
  timezone: string | undefined,
): { opens?: string; closes?: string } {
  const { reader } = object;
  const polls = object.optional('polls', (node, what) => reader.object(node, what, ['opens', 'closes']));
  const opens = polls?.optional('opens', (node, what) => readTime(reader, node, what));
  const given = polls?.optional('closes', (node, what) => readTime(reader, node, what));
  const closes = given ?? (date && timezone ? endOfDay(date, timezone) : undefined);
  if (opens && closes && Date.parse(opens) >= Date.parse(closes))
    reader.problem(
      polls!.get('opens')!,
      'contradiction',
      `the polls open at ${opens}, which is not before they close at ${closes}`,
    );
  return { ...(opens && { opens }), ...(closes && { closes }) };
}

/** As listed; else the languages that the names are in. */
function readLanguages(object: JsonObject): Language[] {
  const { reader } = object;
  const node = object.get('languages');
  if (!node) return languagesOfNames(namesOf(object));
  const nodes = reader.list(node, '"languages"') ?? [];
  if (node.type === 'array' && nodes.length === 0)
    reader.problem(node, 'empty', '"languages" is empty; list one at least, or leave it out');
  const languages: Language[] = [];
  for (const one of nodes) {
    const language = reader.text(one, 'a language');
    if (language === undefined) continue;
    const fault = languages.includes(language) ? `language ${shown(language)} stands twice` : languageFault(language);
    if (fault) reader.problem(one, 'bad-language', fault);
    languages.push(language);
  }
  return languages.length > 0 ? languages : languagesOfNames(namesOf(object));
}

/** The election's name and those of its levels. */
function namesOf(object: JsonObject): (Node | undefined)[] {
  const levels = object.get('levels')?.children ?? [];
  const ofLevels = levels
    .flatMap((level) => level.children ?? [])
    .filter(({ children }) => children?.[0]?.value === 'name');
  return [object.get('name'), ...ofLevels.map(({ children }) => children?.[1])];
}

function readShardLevel(object: JsonObject, levels: readonly Level[]): string {
  const ids = levels.map(({ id }) => id);
  return object.optional('shardLevel', (node, what) => object.reader.oneOf(node, what, ids)) ?? ids.at(-2) ?? '';
}

function readRuleSources(object: JsonObject): RuleSource[] {
  const { reader } = object;
  const nodes = object.optional('rules', (node, what) => reader.list(node, what)) ?? [];
  const sources: RuleSource[] = [];
  for (const node of nodes) {
    const name = reader.text(node, 'an entry of "rules"');
    if (name === undefined) continue;
    if (sources.some((source) => source.name === name))
      reader.problem(node, 'duplicate-id', `${shown(name)} stands twice in "rules"`);
    else sources.push({ name, node });
  }
  return sources;
}
