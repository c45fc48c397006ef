/** A sheet as JSON text: parsed without reinterpreting any number (contracts, head: counts are digits only). */
import type { StructureProblem } from '#domain';

/** A sheet's text is at most this long; an event may have 65,535 bytes. */
export const MAX_SHEET_TEXT = 262_144;

export type ParsedSheet =
  | { readonly ok: true; readonly raw: unknown }
  | { readonly ok: false; readonly problems: readonly StructureProblem[] };

const STRINGS = /"(?:[^"\\]|\\.)*"/gs;
const KEY = /""\s*:/g;
const NOT_DIGITS = /-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)/g;

/**
 * Never throws. `1234.0` and `1e3` are refused, though JSON would read them as whole numbers; `1.5` is read, and told of
 * with everything else that is wrong by `checkSheet`.
 */
export function parseSheetJson(text: string): ParsedSheet {
  if (text.length > MAX_SHEET_TEXT)
    return problem('too-large', `The sheet has ${text.length} characters, more than ${MAX_SHEET_TEXT}.`);
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return problem(
      'not-json',
      `This is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}.`,
    );
  }
  const bare = text.replace(STRINGS, '""');
  if ((bare.match(KEY)?.length ?? 0) !== countKeys(raw))
    return problem('doubled-key', 'A name stands twice in one object: which of the two figures is meant?');
  const found = bare.match(NOT_DIGITS)?.find((number) => Number.isInteger(Number(number)));
  if (found) return problem('not-digits', `Counts are written in digits only; found ${found.slice(0, 40)}.`);
  return { ok: true, raw };
}

/** How many names the objects of a value have; without recursion, for the text may be nested as deep as it is long. */
function countKeys(value: unknown): number {
  let count = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) continue;
    const values: unknown[] = Object.values(next);
    if (!Array.isArray(next)) count += values.length;
    for (const inner of values) if (typeof inner === 'object') left.push(inner);
  }
  return count;
}

function problem(code: string, message: string): ParsedSheet {
  return { ok: false, problems: [{ pointer: '', code, message }] };
}
