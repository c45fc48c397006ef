/**
 * What a rule sees of a sheet: filled anew for each sheet, made once for all contests with the same layout.
 *
 * Checking runs over millions of sheets, so only what some rule of the form uses is filled in, and nothing is made
 * that can be kept.
 */
import { type BodyId, type Contest, type FigureLayout, type Figures, NOT_STATED } from '#domain';
import type { FieldMap, FormEnvironment, OtherMap } from './environment.ts';
import type { Usage } from './usage.ts';

export type OtherSheets = ReadonlyMap<BodyId, { readonly contest: Contest; readonly figures: Figures }>;

/** A field that some rule uses, with the places of its numbers: one, or one for each seat. */
interface UsedField {
  readonly id: string;
  readonly repeats: boolean;
  readonly places: readonly number[];
}

export class SheetContext {
  readonly f: FieldMap;
  readonly votes = new Map<string, bigint>();
  sum = 0n;
  max = 0n;
  readonly seats: bigint;
  readonly candidates: bigint;
  registered: bigint | undefined;
  other: OtherMap;
  readonly #layout: FigureLayout;
  readonly #environment: FormEnvironment;
  readonly #fields: readonly UsedField[];
  readonly #fillsVotes: boolean;
  readonly #fillsSums: boolean;

  constructor(contest: Contest, environment: FormEnvironment, usages: readonly Usage[]) {
    this.f = new environment.Fields();
    this.other = new environment.Other();
    this.seats = BigInt(contest.row.seats);
    this.candidates = BigInt(contest.candidates.length);
    this.#layout = contest.layout;
    this.#environment = environment;
    this.#fields = usedFields(contest, new Set(usages.flatMap((usage) => [...usage.fields.keys()])));
    const uses = (name: 'votes' | 'sum' | 'max') => usages.some((usage) => usage.variables.has(name));
    this.#fillsVotes = uses('votes');
    this.#fillsSums = uses('sum') || uses('max');
  }

  fill(figures: Figures, registered: number | undefined): void {
    fillFields(this.f, this.#fields, figures);
    this.registered = registered === undefined ? undefined : BigInt(registered);
    if (this.#fillsSums) this.#fillSums(figures);
    if (this.#fillsVotes) this.#fillVotes(figures);
  }

  /** `contest`: the sheet's own, which is no other. */
  fillOthers(contest: Contest, others: OtherSheets): void {
    this.other = new this.#environment.Other();
    for (const [body, Fields] of this.#environment.otherFields) {
      const sheet = others.get(body);
      if (!sheet || sheet.contest === contest) continue;
      const fields = new Fields();
      fillFields(fields, usedFields(sheet.contest), sheet.figures);
      this.other.set(body, fields);
    }
  }

  #fillSums(figures: Figures): void {
    const first = this.#layout.fields.length;
    let sum = 0;
    let max = 0;
    for (let place = first; place < figures.length; place += 1) {
      const votes = figures[place]!;
      sum += votes;
      if (votes > max) max = votes;
    }
    this.sum = BigInt(sum);
    this.max = BigInt(max);
  }

  #fillVotes(figures: Figures): void {
    const { candidates, fields } = this.#layout;
    for (let i = 0; i < candidates.length; i += 1) this.votes.set(candidates[i]!, BigInt(figures[fields.length + i]!));
  }
}

function usedFields({ form, layout, row }: Contest, used?: ReadonlySet<string>): UsedField[] {
  return form.fields
    .filter((field) => field.type !== 'time' && (!used || used.has(field.id)))
    .map(({ id, repeat }) => {
      const ids = repeat ? Array.from({ length: row.seats }, (_, i) => `${id}.${i + 1}`) : [id];
      return { id, repeats: repeat !== undefined, places: ids.map((one) => layout.fieldPlace.get(one)!) };
    });
}

function fillFields(target: FieldMap, fields: readonly UsedField[], figures: Figures): void {
  for (const { id, repeats, places } of fields) {
    if (repeats) fillList(target, id, places, figures);
    else {
      const value = figures[places[0]!]!;
      if (value === NOT_STATED) target.delete(id);
      else target.set(id, BigInt(value));
    }
  }
}

/** A list of which one number is absent is absent. */
function fillList(target: FieldMap, id: string, places: readonly number[], figures: Figures): void {
  const list: bigint[] = [];
  for (const place of places) {
    const value = figures[place]!;
    if (value !== NOT_STATED) list.push(BigInt(value));
  }
  if (list.length === places.length) target.set(id, list);
  else target.delete(id);
}
