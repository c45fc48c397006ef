/**
 * One CEL expression, read and type-checked against a form: a rule's `expect` or a form's `shareOf`.
 */
import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';
import type { BodyId, FieldId, FormField } from '#domain';
import { oneOf, shown } from '../problems.ts';
import { type FormEnvironment, FUNCTIONS, MAX_EXPRESSION_LENGTH, VARIABLES } from './environment.ts';
import { type Fault, type Usage, usageOf } from './usage.ts';

export interface Condition {
  readonly usage: Usage;
  /** Evaluates it; throws where evaluation fails. */
  readonly evaluate: (context: object) => unknown;
}

export type Compiled = { readonly condition: Condition } | { readonly faults: readonly Fault[] };

/** What the expression may name: the form's fields, and those of other bodies. */
export interface Names {
  readonly form: string;
  readonly fields: readonly FormField[];
  readonly bodies: ReadonlyMap<BodyId, readonly FormField[]>;
}

/** Reads an expression that must give a `bool` (rules) or an `int` (`shareOf`). */
export function compileCondition(
  expression: string,
  { environment }: FormEnvironment,
  names: Names,
  result: 'bool' | 'int',
): Compiled {
  if (expression.length > MAX_EXPRESSION_LENGTH)
    return fault(
      0,
      'rule-too-long',
      `the expression has ${expression.length} characters, ${MAX_EXPRESSION_LENGTH} are allowed`,
    );
  let parsed: ParseResult;
  try {
    parsed = environment.parse(expression);
  } catch (error) {
    return { faults: [faultOf(error, 'rule-syntax')] };
  }
  const usage = usageOf(parsed.ast as ASTNode);
  const faults = [...usage.faults, ...unknownNames(usage, names)];
  if (faults.length > 0) return { faults };
  const checked = parsed.check();
  if (!checked.valid) return { faults: [faultOf(checked.error, 'rule-type')] };
  if (checked.type !== result) return fault(0, 'rule-type', resultMessage(result, String(checked.type)));
  return { condition: { usage, evaluate: parsed } };
}

function fault(offset: number, code: string, message: string): Compiled {
  return { faults: [{ offset, code, message }] };
}

function resultMessage(expected: 'bool' | 'int', found: string): string {
  return expected === 'bool'
    ? `the expression must be true or false (bool), but it gives ${found}; write a comparison such as f.R <= f.P`
    : `the expression must give a whole number (int), but it gives ${found}`;
}

/** A cel-js error as a fault; what it says about itself is kept, its drawing of the place is not. */
function faultOf(error: unknown, code: string): Fault {
  const { summary, range, code: reason } = error as { summary?: string; range?: { start: number }; code?: string };
  const said = summary ?? (error instanceof Error ? error.message : String(error));
  return { offset: range?.start ?? 0, code, message: explained(said, reason) };
}

function explained(said: string, reason: string | undefined): string {
  if (reason === 'unknown_variable') return `${said}; a rule sees ${oneOf(VARIABLES)}`;
  if (reason === 'no_matching_overload')
    return `${said}; beside those of CEL there are the functions ${oneOf(FUNCTIONS)}`;
  return said;
}

function unknownNames(usage: Usage, names: Names): Fault[] {
  const faults: Fault[] = [];
  for (const [id, offset] of usage.fields) {
    const message = fieldFault(id, names.fields, `form ${names.form}`);
    if (message) faults.push({ offset, code: 'unknown-field', message });
  }
  for (const [body, fields] of usage.others) {
    const known = names.bodies.get(body);
    const offset = Math.min(...fields.values());
    if (!known) {
      const message = `no contest has the body ${shown(body)}; bodies are ${oneOf(names.bodies.keys()) || 'given to none'}`;
      faults.push({ offset: Number.isFinite(offset) ? offset : 0, code: 'unknown-body', message });
      continue;
    }
    for (const [id, place] of fields) {
      const message = fieldFault(id, known, `the form of ${body}`);
      if (message) faults.push({ offset: place, code: 'unknown-field', message });
    }
  }
  return faults;
}

function fieldFault(id: FieldId, fields: readonly FormField[], where: string): string | undefined {
  const field = fields.find((one) => one.id === id);
  if (!field) return `${where} has no field ${shown(id)}; its fields are ${oneOf(fields.map((one) => one.id))}`;
  if (field.type === 'time') return `field ${shown(id)} of ${where} is a time, and rules see numbers only`;
  return undefined;
}
