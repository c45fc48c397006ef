/**
 * The figures that senders state, without repeating their names.
 *
 * A submitted sheet spells its figures as `{fields: {H: 700, …}, votes: {"1": 112, …}}`; the sheets of a contest have
 * the same names over and over. A shape is one such list of names; a block of attempts keeps each shape once.
 */
import type { ByteReader, ByteWriter } from './bytes.ts';

export interface Shape {
  readonly fields: readonly string[];
  readonly votes: readonly string[];
}

export interface KnownShape extends Shape {
  readonly json: string;
}

type Values = Record<string, unknown>;

/** The shapes used in the block being written. The one last seen of each contest is remembered across blocks. */
export class ShapeTable {
  readonly #last = new Map<string, KnownShape>();
  readonly #values: unknown[] = [];
  #used: KnownShape[] = [];

  /** The shape of a sheet's figures; null where their names can't be kept apart from the values. */
  find(contest: string, fields: Values, votes: Values): KnownShape | null {
    const last = this.#last.get(contest);
    if (last && hasNames(fields, last.fields) && hasNames(votes, last.votes)) return last;
    const names: Shape = { fields: Object.keys(fields), votes: Object.keys(votes) };
    // Assigning it would set the prototype instead.
    if (names.fields.includes('__proto__') || names.votes.includes('__proto__')) return null;
    const json = JSON.stringify(names);
    const shape = this.#used.find((used) => used.json === json) ?? { ...names, json };
    this.#last.set(contest, shape);
    return shape;
  }

  /** Writes figures of the shape found for them. */
  write(to: ByteWriter, shape: KnownShape, fields: Values, votes: Values): void {
    let place = this.#used.indexOf(shape);
    if (place < 0) place = this.#used.push(shape) - 1;
    to.whole(place);
    this.#writeValues(to, fields, shape.fields);
    this.#writeValues(to, votes, shape.votes);
  }

  /** Writes the shapes used since the last call, and forgets which they were. */
  writeUsed(to: ByteWriter): void {
    to.whole(this.#used.length);
    for (const { json } of this.#used) to.text(json);
    this.#used = [];
  }

  #writeValues(to: ByteWriter, values: Values, names: readonly string[]): void {
    const list = this.#values;
    let allNumbers = true;
    list.length = names.length;
    for (let i = 0; i < names.length; i += 1) {
      const value = values[names[i]!];
      if (typeof value !== 'number') allNumbers = false;
      list[i] = value;
    }
    to.byte(allNumbers ? 1 : 0);
    if (allNumbers) to.numbers(list as number[]);
    else to.json(list);
  }
}

export function readShapes(from: ByteReader): Shape[] {
  return Array.from({ length: from.whole() }, () => shapeFrom(from.text()));
}

/** An election has few shapes, and every block names some. */
const KNOWN_SHAPES = 1_000;
const known = new Map<string, Shape>();

function shapeFrom(json: string): Shape {
  let shape = known.get(json);
  if (!shape) {
    if (known.size >= KNOWN_SHAPES) known.clear();
    shape = JSON.parse(json) as Shape;
    known.set(json, shape);
  }
  return shape;
}

export function readShaped(from: ByteReader, shapes: readonly Shape[]): { fields: Values; votes: Values } {
  const shape = shapes[from.whole()]!;
  return { fields: readValues(from, shape.fields), votes: readValues(from, shape.votes) };
}

function readValues(from: ByteReader, names: readonly string[]): Values {
  const list = from.byte() === 1 ? from.numbers() : from.json<unknown[]>();
  const values: Values = {};
  for (let i = 0; i < names.length; i += 1) values[names[i]!] = list[i];
  return values;
}

/** Whether the object has exactly these names, in this order. */
function hasNames(object: Values, names: readonly string[]): boolean {
  let i = 0;
  for (const name in object) {
    if (name !== names[i]) return false;
    i += 1;
  }
  return i === names.length;
}
