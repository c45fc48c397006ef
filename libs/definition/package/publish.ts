/**
 * When the public may see what (contracts §1, `publish`): the words, the defaults, and what contradicts itself.
 */
import type { Node } from 'jsonc-parser';
import { isTimestamp, type Level, type Publish, type PublishMoment, type Timestamp } from '#domain';
import { oneOf, shown } from '../problems.ts';
import type { JsonObject, JsonReader } from '../source/json-reader.ts';

const WORDS: readonly string[] = ['never', 'closed', 'certified', 'always'];
const MOMENTS = ['progress', 'turnout', 'results', 'log', 'incidents', 'evidence'] as const;
type Moments = Omit<Publish, 'lowestLevel'>;

const DEFAULTS: Moments = {
  progress: 'always',
  turnout: 'always',
  results: 'closed',
  log: 'certified',
  incidents: 'never',
  evidence: 'never',
};

interface Setting {
  readonly levels: readonly Level[];
  readonly closes: Timestamp | undefined;
  readonly rehearsal: boolean;
}

export function readPublish(reader: JsonReader, node: Node | undefined, setting: Setting): Publish | undefined {
  const last = setting.levels.at(-1)?.id ?? '';
  const object = node && reader.object(node, 'publish', [...MOMENTS, 'lowestLevel']);
  if (node && !object) return undefined;
  const given = new Map(
    MOMENTS.map((name) => [name, object?.optional(name, (value, what) => readMoment(reader, value, what))]),
  );
  const lowestLevel =
    object?.optional('lowestLevel', (value, what) => readLevel(reader, value, what, setting.levels)) ?? last;
  const hidden = lowestLevel !== last;
  const results = given.get('results') ?? DEFAULTS.results;
  const log = given.get('log') ?? (hidden || results === 'never' ? 'never' : DEFAULTS.log);
  if (object) tellContradictions(object, { results, log, hidden }, setting);
  const moment = (name: keyof Moments) => given.get(name) ?? DEFAULTS[name];
  return {
    progress: moment('progress'),
    turnout: moment('turnout'),
    results,
    log,
    incidents: moment('incidents'),
    evidence: moment('evidence'),
    lowestLevel,
  };
}

function readMoment(reader: JsonReader, node: Node, what: string): PublishMoment | undefined {
  const value = node.value as unknown;
  if (typeof value === 'string' && (WORDS.includes(value) || isTimestamp(value))) return value;
  const message = `${what} must be ${oneOf(WORDS)}, or a time such as "2021-05-24T08:00:00+07:00", found ${shown(value)}`;
  reader.problem(node, 'unknown-word', message);
  return undefined;
}

function readLevel(reader: JsonReader, node: Node, what: string, levels: readonly Level[]): string | undefined {
  return reader.oneOf(
    node,
    what,
    levels.map(({ id }) => id),
  );
}

function tellContradictions(
  object: JsonObject,
  chosen: { results: PublishMoment; log: PublishMoment; hidden: boolean },
  setting: Setting,
): void {
  const tell = (name: string, message: string) => {
    const node = object.get(name);
    if (node) object.reader.problem(node, 'publish-order', message);
  };
  const { results, log, hidden } = chosen;
  if (hidden && log !== 'never')
    tell(
      'log',
      'lowestLevel lies above the stations, so log must be "never": it would show their figures. Leave it out',
    );
  else if (isBefore(log, results, setting))
    tell('log', `log (${shown(log)}) comes before results (${shown(results)}); it may come with them or later`);
  if (!setting.rehearsal && isBefore(results, 'closed', setting))
    tell(
      'results',
      `results (${shown(results)}) come before the polls close (${setting.closes}); that is allowed in a rehearsal only`,
    );
}

/**
 * Whether one moment is sure to come before another. Where nobody can know beforehand (a time against `certified`), the
 * later of the two counts when it comes to showing.
 */
function isBefore(a: PublishMoment, b: PublishMoment, setting: Setting): boolean {
  if (a === 'never' || a === b) return false;
  if (b === 'never') return true;
  if (b === 'certified')
    return a === 'closed' || a === 'always' || (a !== 'certified' && instant(a, setting) <= instant('closed', setting));
  return a !== 'certified' && instant(a, setting) < instant(b, setting);
}

/** `always` means, for results and log: from the close on, in a rehearsal at once. */
function instant(moment: PublishMoment, { closes, rehearsal }: Setting): number {
  if (moment === 'always' && rehearsal) return Number.NEGATIVE_INFINITY;
  if (moment === 'always' || moment === 'closed') return Date.parse(closes ?? '');
  return Date.parse(moment);
}
