/**
 * Identifiers and counts as texts: what they must look like, and what to say where they do not (contracts, head).
 */
import { MAX_COUNT } from '#domain';
import { shown } from '../problems.ts';

const IDENTIFIER = /^[A-Za-z0-9._-]{1,64}$/;
const WHOLE = /^[0-9]+$/;
/** They mean something else in a path or in JavaScript. */
const REFUSED_IDS: ReadonlySet<string> = new Set(['.', '..', '__proto__']);

/** Why a text is no identifier, or undefined. */
export function identifierFault(text: string, what: string): string | undefined {
  if (REFUSED_IDS.has(text)) return `${what} ${shown(text)} is refused; choose another`;
  if (IDENTIFIER.test(text)) return undefined;
  return `${what} ${shown(text)} must be 1 to 64 ASCII letters, digits, ".", "_" or "-"`;
}

export type Count = { readonly value: number } | { readonly fault: string };

/** Reads a count: digits only, never reinterpreted. */
export function readCount(text: string, what: string, from = 0, to = MAX_COUNT): Count {
  if (!WHOLE.test(text)) return { fault: countFault(text, what) };
  const value = Number(text);
  if (value >= from && value <= to) return { value };
  return {
    fault: `${what} must be from ${from} to ${to}, found ${text.length > 20 ? `a number of ${text.length} digits` : text}`,
  };
}

function countFault(text: string, what: string): string {
  const rule = `${what} must be digits only`;
  if (/^-[0-9]/.test(text)) return `${rule}: ${shown(text)} is negative`;
  if (/^[0-9]{1,3}([.,'\s][0-9]{3})+$/u.test(text))
    return `${rule}: ${shown(text)} has a separator between thousands or a decimal point, and is not guessed at; write ${text.replace(/[^0-9]/g, '')} if that is meant`;
  if (/^[0-9]+[.,][0-9]+$/.test(text)) return `${rule}: ${shown(text)} has decimals; write a whole number`;
  return `${rule}, found ${shown(text)}`;
}

/** Codes that exist, able to say which one an unknown code may have meant. */
export class KnownCodes {
  readonly #codes: ReadonlySet<string>;
  readonly #what: string;
  #withoutZeros: Map<string, string> | undefined;

  constructor(what: string, codes: Iterable<string>) {
    this.#what = what;
    this.#codes = new Set(codes);
  }

  has(code: string): boolean {
    return this.#codes.has(code);
  }

  /** Says that a code is unknown, and whether it only lacks leading zeros. */
  unknown(code: string): string {
    this.#withoutZeros ??= new Map([...this.#codes].map((known) => [withoutZeros(known), known]));
    const meant = this.#withoutZeros.get(withoutZeros(code));
    const isShort = meant !== undefined && code.length < meant.length;
    const why = isShort ? ' Leading zeros belong to a code: spreadsheets drop them unless the column is text' : '';
    const hint = meant ? `; did you mean ${meant}?${why}` : '';
    return `unknown ${this.#what} ${shown(code)}${hint}`;
  }
}

function withoutZeros(code: string): string {
  return code.replace(/^0+(?=.)/, '');
}
