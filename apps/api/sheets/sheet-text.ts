/** A sheet as it arrived, with every problem of it: those that only its text shows, and those of its structure. */
import { checkSheet, type StructureProblem } from '#domain';
import { parseSheetJson } from '#intake';
import type { ServedElection } from '#projection';

export type SheetText =
  | { readonly ok: true; readonly raw: unknown }
  | { readonly ok: false; readonly problems: readonly StructureProblem[] };

/** A number that is not written in digits only hides no other problem. */
export function readSheetText(served: ServedElection, text: string, isBulk: boolean): SheetText {
  const parsed = parseSheetJson(text);
  if (parsed.ok || parsed.problems.some(({ code }) => code !== 'not-digits')) return parsed;
  const check = checkSheet(served.election, JSON.parse(text), { revisionRequired: !isBulk });
  return { ok: false, problems: [...parsed.problems, ...(check.ok ? [] : check.problems)] };
}
