/**
 * The canonical JSON text of a value (RFC 8785): members by the UTF-16 code units of their names, no white space,
 * numbers and texts as ECMAScript writes them.
 *
 * Every event goes through here, so objects that come again and again with the same members (the fields and votes of
 * a form) are sorted once and remembered.
 */

/** Throws `TypeError` on what JSON cannot say. Members that are undefined are left out, as JSON.stringify does. */
export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      if (Number.isFinite(value)) return String(value);
      break;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? arrayText(value) : objectText(value as Readonly<Record<string, unknown>>);
  }
  throw new TypeError(`value has no canonical JSON form: ${String(value)}`);
}

function arrayText(values: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < values.length; i += 1) {
    if (i > 0) text += ',';
    text += canonicalText(values[i]);
  }
  return `${text}]`;
}

function objectText(object: Readonly<Record<string, unknown>>): string {
  const { names, labels } = orderOf(Object.keys(object));
  let text = '';
  for (let i = 0; i < names.length; i += 1) {
    const value = object[names[i]!];
    if (value === undefined) continue;
    if (text !== '') text += ',';
    text += labels[i]!;
    text += canonicalText(value);
  }
  return `{${text}}`;
}

interface Order {
  /** As the object has them. */
  readonly given: readonly string[];
  /** Sorted. */
  readonly names: readonly string[];
  /** Sorted, as JSON, with the colon. */
  readonly labels: readonly string[];
}

const REMEMBERED_MEMBERS = 64;
const REMEMBERED_ORDERS = 16;
/** By number of members: the orders seen last, a few of each. */
const orders: Order[][] = [];

function orderOf(given: readonly string[]): Order {
  if (given.length > REMEMBERED_MEMBERS) return makeOrder(given);
  orders[given.length] ??= [];
  const known = orders[given.length]!;
  for (let i = 0; i < known.length; i += 1) if (isSame(known[i]!.given, given)) return known[i]!;
  const made = makeOrder(given);
  if (known.length === REMEMBERED_ORDERS) known.shift();
  known.push(made);
  return made;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function makeOrder(given: readonly string[]): Order {
  const names = [...given].sort();
  return { given, names, labels: names.map((name) => `${JSON.stringify(name)}:`) };
}
