/** Seeded damage to a line of a file of sheets, as fuzzing does it. */

/** A small seeded generator (mulberry32): the same seed gives the same numbers everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

type Damage = (line: Buffer, random: Random) => Buffer;

const HOSTILE = [
  '__proto__',
  '"__proto__":{"polluted":1},',
  '"constructor":{"prototype":1},',
  '"',
  '""',
  "'",
  '\0',
  '\r',
  '\ufeff',
  '\u2028',
  '\ud800',
  '1e999',
  '-0',
  '-5',
  '1.234',
  '1,234',
  '1234.0',
  '99999999999999999999999',
  '1000000000',
  '０１２',
  '=1+1',
  '=HYPERLINK("http://x")',
  'null',
  'true',
  '[]',
  '{}',
  '\\u0000',
  ';',
  '\t',
];
const INVALID_UTF8 = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc0, 0x80], [0xe2, 0x82]];

function splice(line: Buffer, at: number, remove: number, insert: Uint8Array): Buffer {
  return Buffer.concat([line.subarray(0, at), insert, line.subarray(at + remove)]);
}

const flipBytes: Damage = (line, random) => {
  const copy = Buffer.from(line);
  for (let n = 1 + random.below(4); n > 0 && copy.length > 0; n -= 1)
    copy[random.below(copy.length)] = random.below(256);
  return copy;
};
const truncate: Damage = (line, random) => line.subarray(0, random.below(line.length + 1));
const cutOut: Damage = (line, random) =>
  splice(line, random.below(line.length + 1), 1 + random.below(20), Buffer.alloc(0));
const double: Damage = (line, random) => {
  const from = random.below(line.length + 1);
  return splice(line, from, 0, line.subarray(from, from + 1 + random.below(40)));
};
const insertHostile: Damage = (line, random) =>
  splice(line, random.below(line.length + 1), 0, Buffer.from(random.pick(HOSTILE)));
const replaceNumber: Damage = (line, random) => {
  const text = line.toString('latin1');
  const numbers = [...text.matchAll(/\d+/g)];
  const found = numbers[random.below(Math.max(1, numbers.length))];
  return found ? splice(line, found.index, found[0].length, Buffer.from(random.pick(HOSTILE))) : line;
};
const insertInvalid: Damage = (line, random) =>
  splice(line, random.below(line.length + 1), 0, Buffer.from(random.pick(INVALID_UTF8)));
const nest: Damage = (line, random) => {
  const depth = 10 ** (1 + random.below(4));
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  return splice(line, random.below(line.length + 1), 0, Buffer.from(`${open.repeat(depth)}1${close.repeat(depth)}`));
};
const lengthen: Damage = (line, random) =>
  splice(
    line,
    random.below(line.length + 1),
    0,
    Buffer.alloc(200_000 + random.below(1_000_000), random.pick(['x', '"', '\\', '[', ' '])),
  );

const COMMON: readonly Damage[] = [
  flipBytes,
  truncate,
  cutOut,
  double,
  insertHostile,
  insertHostile,
  replaceNumber,
  insertInvalid,
];

/** Damages a line in one to three ways; some damage breaks it into several lines. */
export function damaged(line: Uint8Array, random: Random): Buffer {
  let result: Buffer = Buffer.from(line);
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const chance = random.next();
    const damage = chance < 0.003 ? lengthen : chance < 0.02 ? nest : random.pick(COMMON);
    result = damage(result, random);
  }
  return result;
}
