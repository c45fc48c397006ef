/**
 * Fuzzing of package reading: valid packages, changed at random, must be read or refused with problems, never throw.
 *
 * A plain function, so that a spec runs a few and a script a hundred thousand. The same seed gives the same runs.
 */
import { type Zippable, zipSync } from 'fflate';
import { readPackageFiles, readPackageZip } from './package/read-package.ts';
import { sampleFiles } from './package/sample.ts';
import { type Problem } from './problems.ts';
import { TEMPLATES, templateFiles } from './templates/index.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly runs: number;
  /** Called after every run. */
  readonly onRun?: (run: number) => void;
}

export interface FuzzReport {
  readonly runs: number;
  readonly accepted: number;
  readonly refused: number;
  /** Runs that threw, or refused without saying why; empty when all is well. */
  readonly failures: readonly FuzzFailure[];
}

export interface FuzzFailure {
  readonly run: number;
  readonly what: string;
}

type Files = Map<string, Uint8Array>;
type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Mulberry32: small, and the same on every machine. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * end);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

export async function fuzzPackages({ seed, runs, onRun }: FuzzOptions): Promise<FuzzReport> {
  const bases = [sampleFiles(), ...TEMPLATES.map((name) => encoded(templateFiles(name)))];
  const failures: FuzzFailure[] = [];
  let accepted = 0;
  for (let run = 0; run < runs; run += 1) {
    const random = new Random(seed + run * 7919);
    const files: Files = new Map(random.pick(bases));
    for (let changes = 1 + random.below(3); changes > 0; changes -= 1) mutateFiles(files, random);
    const outcome = await outcomeOf(files, random);
    if (outcome === 'accepted') accepted += 1;
    else if (outcome !== 'refused') failures.push({ run, what: outcome });
    onRun?.(run);
  }
  return { runs, accepted, refused: runs - accepted - failures.length, failures };
}

async function outcomeOf(files: Files, random: Random): Promise<string> {
  try {
    const result = random.below(4) === 0 ? await readPackageZip(mutatedZip(files, random)) : readPackageFiles(files);
    return result.ok ? 'accepted' : (problemFault(result.problems) ?? 'refused');
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`;
  }
}

function problemFault(problems: readonly Problem[]): string | undefined {
  if (problems.length === 0) return 'refused without a problem';
  const vague = problems.find(
    ({ file, code, message, line = 1, column = 1 }) => !file || !code || !message || line < 1 || column < 1,
  );
  return vague && `told a problem without its file, code, place or message: ${JSON.stringify(vague)}`;
}

function encoded(texts: Readonly<Record<string, string>>): Files {
  return new Map(Object.entries(texts).map(([name, text]) => [name, new TextEncoder().encode(text)]));
}

function mutateFiles(files: Files, random: Random): void {
  const name = random.pick([...files.keys()]);
  const bytes = files.get(name)!;
  const choice = random.below(20);
  if (choice === 0) files.delete(name);
  else if (choice === 1) files.set(random.pick(NAMES), bytes);
  else files.set(name, random.pick(name.endsWith('.csv') ? CSV_MUTATIONS : JSON_MUTATIONS)(bytes, random));
  if (files.size === 0) files.set(name, bytes);
}

const NAMES = [
  'rules.json',
  'map.json',
  'electorates.csv',
  'units.csv',
  'Units.csv',
  '__proto__',
  '__proto__.json',
  '.json',
  'x.csv',
];

/** What stands in for a value or is put in at random: hostile, huge, odd. */
const PIECES = [
  '',
  ' ',
  '"',
  '\\',
  ',',
  ';',
  '\t',
  '\n',
  '\r',
  '\0',
  '\ufeff',
  '\u2028',
  '{',
  '}',
  '[',
  ']',
  ':',
  '-',
  '.',
  '#',
  '//',
  '/*',
  '0',
  '-1',
  '1.5',
  '1.234',
  '1,234',
  '1e400',
  '-0',
  '999999999',
  '1000000000',
  '9'.repeat(400),
  '0x10',
  'NaN',
  'Infinity',
  'null',
  'true',
  '"x"',
  '{}',
  '[]',
  '[[]]',
  '"__proto__"',
  '__proto__',
  'constructor',
  'toString',
  '"\\ud800"',
  '"\\u0000"',
  'é',
  'é',
  '\u{1f5f3}',
  'P',
  'na-1',
  '024846',
  '24846',
  'station',
  'first',
  'rerun',
  '[',
  '{"a":',
  'f.V',
  'f.V <= f.C',
  '((((',
  '"a" + 1',
  'other.na.C',
  '1/0',
] as const;

const textually =
  (change: (text: string, random: Random) => string): Mutation =>
  (bytes, random) =>
    new TextEncoder().encode(change(new TextDecoder().decode(bytes), random));

const anywhere: readonly Mutation[] = [
  flipBytes,
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  textually((text, random) => spliced(text, random.below(text.length + 1), 0, random.pick(PIECES))),
  textually((text, random) => spliced(text, random.below(text.length + 1), random.below(20), random.pick(PIECES))),
  textually((text, random) => spliced(text, random.below(text.length + 1), 0, text.slice(random.below(text.length)))),
  textually((text) => `\ufeff${text}`),
  textually((text, random) => random.pick(PIECES).repeat(1 + random.below(2000)) + text),
];

const CSV_MUTATIONS: readonly Mutation[] = [
  ...anywhere,
  textually((text, random) => onCells(text, (cells) => swap(cells, random))),
  textually((text, random) => onCells(text, (cells) => replaceOne(cells, random))),
  textually((text, random) => onLines(text, (lines) => swap(lines, random))),
  textually((text, random) => onLines(text, (lines) => [...lines, random.pick(lines)])),
  textually((text, random) => onLines(text, (lines) => lines.filter((_, i) => i !== random.below(lines.length)))),
  textually((text, random) => text.replaceAll(',', random.pick([';', '\t', '|']))),
  textually((text) => text.replaceAll('\n', '\r')),
];

const JSON_MUTATIONS: readonly Mutation[] = [
  ...anywhere,
  textually((text, random) => onTokens(text, (tokens) => swap(tokens, random))),
  textually((text, random) => onTokens(text, (tokens) => replaceOne(tokens, random))),
  textually((text, random) => onTokens(text, (tokens) => replaceOne(tokens, random))),
  textually((text, random) =>
    spliced(text, text.indexOf('{') + 1, 0, '"a":'.concat('['.repeat(random.below(200)), ',')),
  ),
  textually((text, random) => spliced(text, text.indexOf('{') + 1, 0, `"__proto__": ${random.pick(PIECES)},`)),
];

function flipBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const flipped = bytes.slice();
  for (let i = random.below(8); i >= 0 && flipped.length > 0; i -= 1)
    flipped[random.below(flipped.length)]! ^= 1 << random.below(8);
  return flipped;
}

function spliced(text: string, at: number, length: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at + length);
}

function onLines(text: string, change: (lines: string[]) => string[]): string {
  return change(text.split('\n')).join('\n');
}

function onCells(text: string, change: (cells: string[]) => string[]): string {
  return change(text.split(/([,\n])/)).join('');
}

/** Texts, numbers and words of a JSON text, with what lies between them. */
function onTokens(text: string, change: (tokens: string[]) => string[]): string {
  return change(text.split(/("(?:[^"\\]|\\.)*"|[-\d.eE+]+|true|false|null)/)).join('');
}

function swap(list: string[], random: Random): string[] {
  const [a, b] = [random.below(list.length), random.below(list.length)];
  const changed = [...list];
  [changed[a], changed[b]] = [changed[b]!, changed[a]!];
  return changed;
}

function replaceOne(list: string[], random: Random): string[] {
  const at = random.below(list.length);
  return list.map((one, i) => (i === at ? random.pick(PIECES) : one));
}

function mutatedZip(files: Files, random: Random): Uint8Array {
  const prefix = random.pick(['', '', 'e/', '../', '/', 'a\\']);
  const entries: Zippable = {};
  for (const [name, bytes] of files) if (name !== '__proto__') entries[prefix + name] = bytes;
  const zip = zipSync(entries, { level: random.pick([0, 6]) });
  if (random.below(3) === 0) return zip;
  return random.pick(anywhere.slice(0, 3))(zip, random);
}
