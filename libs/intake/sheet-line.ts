/** What a line of a file of sheets comes to: a sheet as sent, or what is wrong with it. */
import type { StructureProblem } from '#domain';
import { type LineFault, MAX_LINE_BYTES } from './text-lines.ts';

/** A sheet, as the line states it; its structure is still to be checked. */
export interface SheetLine {
  /** From 1; of a record of several lines, the first. */
  readonly line: number;
  readonly raw: unknown;
}

/** A line that states no sheet. */
export interface RefusedLine {
  readonly line: number;
  readonly problems: readonly StructureProblem[];
  /** Nothing of the file is read: its header or its format is wrong. */
  readonly wholeFile?: true;
}

export type SheetFileLine = SheetLine | RefusedLine;

/** Why a line can't be read as text. */
export function faultProblem(fault: LineFault): StructureProblem {
  switch (fault) {
    case 'too-long':
      return problem('', 'too-long', `The line has more than ${MAX_LINE_BYTES} bytes.`);
    case 'not-utf8':
      return problem('', 'not-utf8', 'The line is not UTF-8 text; save the file as UTF-8.');
    case 'nul':
      return problem('', 'nul-byte', 'The line holds a NUL byte, which no text has.');
  }
}

export function problem(pointer: string, code: string, message: string): StructureProblem {
  return { pointer, code, message };
}
