/**
 * What a candidate's share is a share of: the form's `shareOf`, else the field with role `valid`, else the sum of votes.
 */
import { type Contest, type Form, type FormId, NOT_STATED } from '#domain';
import type { RuleCompiler } from './compile.ts';
import type { Condition } from './condition.ts';
import { SheetContext } from './sheet-context.ts';

type Base = (contest: Contest, sums: readonly number[]) => number | undefined;

export class ShareBase {
  readonly #bases: ReadonlyMap<FormId, Base>;

  constructor(forms: ReadonlyMap<FormId, Form>, compiler: RuleCompiler) {
    this.#bases = new Map([...forms].map(([id, form]) => [id, baseOf(id, form, compiler)]));
  }

  /** A whole number above 0, or undefined: a share of nothing is printed "–". */
  of(contest: Contest, sums: readonly number[]): number | undefined {
    const value = this.#bases.get(contest.row.form)?.(contest, sums);
    return value !== undefined && value > 0 ? value : undefined;
  }
}

function baseOf(id: FormId, form: Form, compiler: RuleCompiler): Base {
  if (form.shareOf !== undefined) return expressionBase(id, form.shareOf, compiler);
  const valid = form.fields.find((field) => field.role === 'valid');
  return valid ? ({ layout }, sums) => sums[layout.fieldPlace.get(valid.id) ?? -1] : sumOfVotes;
}

const sumOfVotes: Base = ({ layout }, sums) => {
  let sum = 0;
  for (let place = layout.fields.length; place < layout.length; place += 1) sum += sums[place] ?? 0;
  return sum;
};

function expressionBase(id: FormId, expression: string, compiler: RuleCompiler): Base {
  const compiled = compiler.shareOf(id, expression);
  if ('faults' in compiled) throw new Error(`shareOf of form ${id}: ${compiled.faults[0]?.message}`);
  const { condition } = compiled;
  const contexts = new WeakMap<Contest, SheetContext>();
  return (contest, sums) => {
    const context = contexts.get(contest) ?? new SheetContext(contest, compiler.environment(id), [condition.usage]);
    contexts.set(contest, context);
    context.fill(
      sums.map((sum) => (sum < 0 ? NOT_STATED : sum)),
      undefined,
    );
    return evaluated(condition, context);
  };
}

/** Nothing to divide by where it cannot be worked out: a field that no sheet stated, a division by zero. */
function evaluated(condition: Condition, context: SheetContext): number | undefined {
  try {
    const value = condition.evaluate(context);
    return typeof value === 'bigint' ? Number(value) : undefined;
  } catch {
    return undefined;
  }
}
