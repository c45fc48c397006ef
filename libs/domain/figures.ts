/**
 * Figures: one contest's numbers as a vector, fields first (repeated fields expanded), then votes in ballot order.
 *
 * Every sheet, total and delta of a contest uses the same layout, so adding up is a loop over numbers.
 */
import type { CandidateNumber, CandidateRow, FieldId, Form, FormField } from './definition.ts';

/** Stands in a figure vector for an optional field that the sheet left out. */
export const NOT_STATED = -1;

/** Counts are whole numbers from 0 to this (contracts, head), so sums over a nation stay exact. */
export const MAX_COUNT = 999_999_999;

/** Whole numbers by place in the contest's layout; `NOT_STATED` where an optional field was left out. */
export type Figures = readonly number[];

/** Times on a sheet (fields of type `time`), by field id: recorded, never summed. */
export type Times = Readonly<Record<FieldId, string>>;

export interface LayoutField {
  /** The expanded id: `H`, `n.3`. */
  readonly id: FieldId;
  readonly field: FormField;
  readonly optional: boolean;
}

export interface FigureLayout {
  readonly fields: readonly LayoutField[];
  /** Fields of type `time`, apart from the vector. */
  readonly times: readonly FormField[];
  readonly candidates: readonly CandidateNumber[];
  /** fields.length + candidates.length */
  readonly length: number;
  /** Places of optional fields in the vector, ascending. */
  readonly optional: readonly number[];
  readonly fieldPlace: ReadonlyMap<FieldId, number>;
  readonly candidatePlace: ReadonlyMap<CandidateNumber, number>;
}

/** The layout of a contest: its form's fields (repeated ones expanded by `seats`), then its candidates in order. */
export function figureLayout(form: Form, seats: number, candidates: readonly CandidateRow[]): FigureLayout {
  const counted = form.fields.filter((field) => field.type !== 'time');
  const fields = counted.flatMap((field): LayoutField[] => {
    const ids = field.repeat ? Array.from({ length: seats }, (_, i) => `${field.id}.${i + 1}`) : [field.id];
    return ids.map((id) => ({ id, field, optional: field.optional === true }));
  });
  const numbers = candidates.map((candidate) => candidate.number);
  return {
    fields,
    times: form.fields.filter((field) => field.type === 'time'),
    candidates: numbers,
    length: fields.length + numbers.length,
    optional: fields.flatMap((field, place) => (field.optional ? [place] : [])),
    fieldPlace: new Map(fields.map((field, place) => [field.id, place])),
    candidatePlace: new Map(numbers.map((number, i) => [number, fields.length + i])),
  };
}

export function sameFigures(a: Figures, b: Figures): boolean {
  return a.length === b.length && a.every((value, place) => value === b[place]);
}

/** Fields and votes of a vector as a sheet spells them; what was not stated is left out. */
export function spellFigures(
  layout: FigureLayout,
  figures: Figures,
): { fields: Record<FieldId, number>; votes: Record<CandidateNumber, number> } {
  const fields: Record<FieldId, number> = {};
  const votes: Record<CandidateNumber, number> = {};
  layout.fields.forEach(({ id }, place) => {
    const value = figures[place];
    if (value !== undefined && value !== NOT_STATED) fields[id] = value;
  });
  layout.candidates.forEach((number, i) => {
    const value = figures[layout.fields.length + i];
    if (value !== undefined) votes[number] = value;
  });
  return { fields, votes };
}
