/**
 * Reads typed values out of JSON, telling every one that is not what it must be, with its place.
 */
import { getNodeValue, type Node } from 'jsonc-parser';
import { oneOf, type Problems, shown } from '../problems.ts';
import type { JsonFile } from './json.ts';
import { normal } from './text.ts';

export class JsonReader {
  readonly json: JsonFile;
  readonly #problems: Problems;

  constructor(json: JsonFile, problems: Problems) {
    this.json = json;
    this.#problems = problems;
  }

  problem(node: Node, code: string, message: string): void {
    this.#problems.add(this.json.file, this.json.placeOf(node), code, message);
  }

  problemInString(node: Node, index: number, code: string, message: string): void {
    this.#problems.add(this.json.file, this.json.placeInString(node, index), code, message);
  }

  /** The members of an object whose names must be among the known ones. */
  object(node: Node, what: string, known: readonly string[]): JsonObject | undefined {
    const members = this.members(node, what);
    if (!members) return undefined;
    for (const [name, { key }] of members)
      if (!known.includes(name))
        this.problem(key, 'unknown-field', `${what} has no ${shown(name)}; it may have ${oneOf(known)}`);
    return new JsonObject(this, node, what, new Map([...members].map(([name, { value }]) => [name, value])));
  }

  /** All members of an object, whatever their names. */
  members(node: Node, what: string): Map<string, { key: Node; value: Node }> | undefined {
    if (node.type !== 'object') return this.#wrongType(node, what, 'an object { … }');
    const members = new Map<string, { key: Node; value: Node }>();
    for (const { children } of node.children ?? []) {
      const [key, value] = children ?? [];
      if (key && value) members.set(String(key.value), { key, value });
    }
    return members;
  }

  list(node: Node, what: string): readonly Node[] | undefined {
    return node.type === 'array' ? (node.children ?? []) : this.#wrongType(node, what, 'a list [ … ]');
  }

  /** A text that is not empty, normalised. */
  text(node: Node, what: string): string | undefined {
    if (node.type !== 'string') return this.#wrongType(node, what, 'a text in double quotes');
    const value = normal(String(node.value));
    if (value.trim() !== '') return value;
    this.problem(node, 'empty', `${what} is empty; write a text`);
    return undefined;
  }

  boolean(node: Node, what: string): boolean | undefined {
    return node.type === 'boolean' ? Boolean(node.value) : this.#wrongType(node, what, 'true or false');
  }

  number(node: Node, what: string, from: number, to: number): number | undefined {
    if (node.type !== 'number') return this.#wrongType(node, what, `a number from ${from} to ${to}`);
    const value = Number(node.value);
    if (value >= from && value <= to) return value;
    this.problem(node, 'out-of-range', `${what} must be from ${from} to ${to}, found ${value}`);
    return undefined;
  }

  wholeNumber(node: Node, what: string, from: number, to: number): number | undefined {
    const value = this.number(node, what, from, to);
    if (value === undefined || Number.isInteger(value)) return value;
    this.problem(node, 'wrong-type', `${what} must be a whole number, found ${value}`);
    return undefined;
  }

  oneOf<T extends string>(node: Node, what: string, words: readonly T[]): T | undefined {
    if (node.type !== 'string') return this.#wrongType(node, what, oneOf(words));
    const word = words.find((one) => one === node.value);
    if (word === undefined)
      this.problem(node, 'unknown-word', `${what} must be ${oneOf(words)}, found ${shown(node.value)}`);
    return word;
  }

  #wrongType(node: Node, what: string, expected: string): undefined {
    const found =
      node.type === 'object' || node.type === 'array'
        ? `${node.type === 'object' ? 'an object' : 'a list'}`
        : shown(getNodeValue(node));
    this.problem(node, 'wrong-type', `${what} must be ${expected}, found ${found}`);
    return undefined;
  }
}

/** An object of which the names are checked; its values are read one by one. */
export class JsonObject {
  readonly reader: JsonReader;
  readonly node: Node;
  readonly #what: string;
  readonly #members: ReadonlyMap<string, Node>;

  constructor(reader: JsonReader, node: Node, what: string, members: ReadonlyMap<string, Node>) {
    this.reader = reader;
    this.node = node;
    this.#what = what;
    this.#members = members;
  }

  get(name: string): Node | undefined {
    return this.#members.get(name);
  }

  /** Reads a member that must be there. */
  required<T>(name: string, read: (node: Node, what: string) => T | undefined): T | undefined {
    const node = this.#members.get(name);
    if (node) return read(node, `"${name}" of ${this.#what}`);
    this.reader.problem(this.node, 'missing', `${this.#what} lacks "${name}"`);
    return undefined;
  }

  /** Reads a member that may be left out; undefined also where it is wrong (a problem then says so). */
  optional<T>(name: string, read: (node: Node, what: string) => T | undefined): T | undefined {
    const node = this.#members.get(name);
    return node && read(node, `"${name}" of ${this.#what}`);
  }
}
