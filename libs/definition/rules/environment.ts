/**
 * The CEL environments that rules are written in: one for each form, so that `f` is typed by the form's fields and
 * `other.<body>` by the fields of the forms that the body's contests use.
 *
 * Whole numbers are CEL ints (bigint in cel-js), exact up to 2^63. CEL proper does not mix ints and doubles; a package
 * author expects `0.05 * f.R` to work, so the mixed operators are registered here. `/` between two ints cuts off.
 */
import { Environment } from '@marcbachmann/cel-js';
import type { BodyId, FieldId, Form, FormId } from '#domain';

/** Fields by id. One class for each type of the environment: cel-js tells types apart by constructor. */
export class FieldMap extends Map<FieldId, bigint | bigint[]> {}
export class OtherMap extends Map<BodyId, FieldMap> {}

export interface FormEnvironment {
  readonly form: FormId;
  readonly environment: Environment;
  readonly Fields: typeof FieldMap;
  readonly Other: typeof OtherMap;
  /** The class of a body's fields in `other`. */
  readonly otherFields: ReadonlyMap<BodyId, typeof FieldMap>;
}

/** Which forms the contests of each body use. */
export type BodyForms = ReadonlyMap<BodyId, ReadonlySet<FormId>>;

type Forms = ReadonlyMap<FormId, Form>;

export const VARIABLES = ['f', 'votes', 'sum', 'max', 'seats', 'candidates', 'registered', 'other'] as const;
export type Variable = (typeof VARIABLES)[number];
export const FUNCTIONS = ['total', 'weighted'] as const;

/** Rules are conditions, not programs; the limits keep a hostile one from costing more than its reading. */
const LIMITS = { maxAstNodes: 2000, maxDepth: 50, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 8 };
export const MAX_EXPRESSION_LENGTH = 4000;

const base = new Environment({ limits: LIMITS })
  .registerFunction('total(list<int>): int', (list: bigint[]) => list.reduce((sum, n) => sum + n, 0n), { async: false })
  .registerFunction(
    'weighted(list<int>): int',
    (list: bigint[]) => list.reduce((sum, n, i) => sum + BigInt(i + 1) * n, 0n),
    { async: false },
  )
  .registerOperator('int + double: double', (a: bigint, b: number) => Number(a) + b)
  .registerOperator('double + int: double', (a: number, b: bigint) => a + Number(b))
  .registerOperator('int - double: double', (a: bigint, b: number) => Number(a) - b)
  .registerOperator('double - int: double', (a: number, b: bigint) => a - Number(b))
  .registerOperator('int * double: double', (a: bigint, b: number) => Number(a) * b)
  .registerOperator('double * int: double', (a: number, b: bigint) => a * Number(b))
  .registerOperator('int / double: double', (a: bigint, b: number) => Number(a) / b)
  .registerOperator('double / int: double', (a: number, b: bigint) => a / Number(b))
  .registerOperator('int == double: bool', (a: bigint, b: number) => Number(a) === b)
  .registerVariable('votes', 'map<string, int>')
  .registerVariable('sum', 'int')
  .registerVariable('max', 'int')
  .registerVariable('seats', 'int')
  .registerVariable('candidates', 'int')
  .registerVariable('registered', 'int');

/** The environment of a form's rules. */
export function formEnvironment(id: FormId, forms: Forms, bodies: BodyForms): FormEnvironment {
  class Fields extends FieldMap {}
  class Other extends OtherMap {}
  const environment = base.clone();
  environment.registerType('Fields', { ctor: Fields, fields: fieldTypes([forms.get(id)]) });
  const otherFields = new Map<BodyId, typeof FieldMap>();
  const otherTypes: Record<BodyId, string> = {};
  for (const [body, formIds] of bodies) {
    class BodyFields extends FieldMap {}
    const name = `FieldsOf${otherFields.size}`;
    environment.registerType(name, {
      ctor: BodyFields,
      fields: fieldTypes([...formIds].map((form) => forms.get(form))),
    });
    otherFields.set(body, BodyFields);
    otherTypes[body] = name;
  }
  environment.registerType('Other', { ctor: Other, fields: otherTypes });
  environment.registerVariable('f', 'Fields').registerVariable('other', 'Other');
  return { form: id, environment, Fields, Other, otherFields };
}

function fieldTypes(forms: readonly (Form | undefined)[]): Record<FieldId, string> {
  const types: Record<FieldId, string> = {};
  for (const form of forms)
    for (const field of form?.fields ?? [])
      if (field.type !== 'time') types[field.id] = field.repeat ? 'list<int>' : 'int';
  return types;
}
