/**
 * Records of other programs: events that were told otherwise than Tally tells them. Members are left out, doubled or of
 * another kind, numbers and texts are spelled in all the ways of JSON, and bytes are cut or put before and behind.
 */
import { below } from './random.ts';

// biome-ignore lint/suspicious/noExplicitAny: a record may say anything
type Json = any;

/** Spellings that JSON.stringify does not give: they stand in for a text of their place. */
const SPELLED = ['1.0', '1e0', '-0', '0.5', '1e400', '-1', '999999999', '1000000000', '9007199254740992', '1E-7'];
const KINDS: readonly Json[] = [
  null,
  true,
  0,
  1,
  7,
  '',
  ' ',
  '\u0085',
  '\ufeff',
  '\ud800',
  '\udc00\ud83d\ude00',
  'clerk-1',
  'K1',
  'K1-1',
  [],
  {},
  { revision: 0, offset: 0 },
  { rule: 'hard', severity: 'error' },
  [{ rule: 'hard', severity: 'warning' }],
  [{ rule: 1, severity: 'error' }],
];

const TIMES = [
  '2021-02-28T23:59:59.123456789+07:00',
  '2020-02-29T00:00:00-23:59',
  '0000-01-01T00:00:00Z',
  '2021-02-29T10:00:00Z',
  '2021-04-31T10:00:00Z',
  '2021-00-10T10:00:00Z',
  '2021-05-00T10:00:00Z',
  '2021-05-23T24:00:00Z',
  '2021-05-23T23:59:60Z',
  '2021-05-23T10:00:00+24:00',
  '2021-05-23T10:00:00+07:60',
  '2021-05-23t10:00:00z',
  '2021-05-23T10:00Z',
  '2021-05-23T10:00:00.Z',
  '2021-05-23T10:00:00',
];

/** The event of some bytes, told otherwise, mostly under an id of its own; `random` decides how. */
export function foreign(value: Uint8Array, random: () => number): Uint8Array {
  const event = JSON.parse(Buffer.from(value).toString('utf8'));
  if (below(4, random) > 0) event.id = event.id.replace(/^.{8}/, String(below(1e8, random)).padStart(8, '0'));
  // As a bulk import sends it: nothing that came between makes it stale.
  if (event.data.sheet && below(4, random) > 0) delete event.data.sheet.expectedRevision;
  if (event.data.sheet?.fields.T && below(2, random)) event.data.sheet.fields.T = pick(TIMES, random);
  for (let changes = below(4, random); changes > 0; changes -= 1) change(event, random);
  return bytesOf(tell(event, random), random);
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[below(list.length, random)]!;
}

/** Changes a member somewhere inside. */
function change(value: Json, random: () => number): void {
  const names = Object.keys(value);
  const name = names.length > 0 ? pick(names, random) : '0';
  const inner = value[name];
  if (typeof inner === 'object' && inner !== null && below(8, random) > 0) {
    change(inner, random);
    return;
  }
  switch (below(6, random)) {
    case 0:
      delete value[name];
      return;
    case 1:
      if (!Array.isArray(value))
        value[pick(['unknown', 'constructor', 'X', 'T', 'reason', 'into', 'seen'], random)] = structuredClone(
          pick(KINDS, random),
        );
      return;
    case 2:
      value[name] = nested(inner, 1 + below(18, random));
      return;
    case 3:
      value[name] = `spelled ${pick(SPELLED, random)}`;
      return;
    default:
      value[name] = structuredClone(pick(KINDS, random));
  }
}

function nested(value: Json, depth: number): Json {
  return depth === 0 ? value : depth % 2 ? [nested(value, depth - 1)] : { a: nested(value, depth - 1) };
}

/** Writes JSON with members in any order, and now and then twice: the last one counts. */
function tell(value: Json, random: () => number): string {
  if (typeof value === 'string' && value.startsWith('spelled ')) return value.slice('spelled '.length);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const space = pick(['', '', '', ' ', '\n\t\r'], random);
  if (Array.isArray(value)) return `[${value.map((one) => tell(one, random)).join(`${space},`)}]`;
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}:${space}${tell(one, random)}`);
  if (below(4, random) === 0) members.reverse();
  const doubled = below(9, random) === 0 && Object.keys(value).length > 0 ? [`${members[0]!.split(':')[0]}:1`] : [];
  return `{${[...doubled, ...members].join(`${space},`)}}`;
}

function bytesOf(text: string, random: () => number): Uint8Array {
  const bytes = Buffer.from(text);
  switch (below(20, random)) {
    case 0:
      return Buffer.concat([Buffer.from('\ufeff'), bytes]);
    case 1:
      return Buffer.from(`\ufeff\ufeff${text}`);
    case 2:
      return bytes.subarray(0, below(bytes.length, random));
    case 3:
      return Buffer.from(`${text} x`);
    case 4: {
      bytes[below(bytes.length, random)] = below(256, random);
      return bytes;
    }
    case 5:
      return Buffer.from(text.replace('"submitted', '"\\u0073ubmitted').replaceAll('clerk', '\\u0063lerk'));
    default:
      return bytes;
  }
}
