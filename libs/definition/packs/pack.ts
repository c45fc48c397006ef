/**
 * A rule pack: rules by the fields they need instead of by form, so that one pack serves many packages.
 */
import type { BodyId, FieldId, Severity, Texts } from '#domain';

export interface PackRule {
  readonly id: string;
  readonly severity: Severity;
  /** The first expression whose fields a form has is used; with none the rule does not apply to that form. */
  readonly expect: readonly PackExpression[];
  readonly message: Texts;
  readonly advice: { readonly clerk: Texts; readonly reviewer: Texts };
  /** Form, article or guidance. */
  readonly source: string;
}

export interface PackExpression {
  /** Fields that the form must have. */
  readonly fields: readonly FieldId[];
  /** Of these the ones that repeat by seats: the expression sees them as lists. */
  readonly lists?: readonly FieldId[];
  /** Bodies that the package must have, with fields of the same ids. */
  readonly bodies?: readonly BodyId[];
  readonly expect: string;
}

export interface RulePackData {
  readonly id: string;
  /** Counted up whenever a rule of the pack changes. */
  readonly version: string;
  readonly rules: readonly PackRule[];
}
