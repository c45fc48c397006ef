/**
 * A rule pack: rules that name no form. A rule stands for every form of a package that has the fields it uses.
 */
import type { Rule, RulePack, Severity, Texts } from '#domain';
import type { RuleCompiler } from '../rules/compile.ts';

export interface PackRule {
  readonly id: string;
  readonly severity: Severity;
  /** The first expression that a form and the package's bodies have everything for is used; with none the rule is left out. */
  readonly expect: readonly string[];
  readonly message: Texts;
  readonly advice: { readonly clerk: Texts; readonly reviewer: Texts };
  /** Form, article or guidance. */
  readonly source: string;
}

export interface PackData extends RulePack {
  /** Goes up whenever a rule of the pack changes. */
  readonly version: string;
  readonly rules: readonly PackRule[];
}

/** The rules of a pack for one form. */
export function packRules(pack: PackData, form: string, compiler: RuleCompiler): Rule[] {
  return pack.rules.flatMap((rule) => {
    for (const expect of rule.expect) {
      const compiled = compiler.rule({ form, expect });
      if ('faults' in compiled) continue;
      const fields = [...compiled.condition.usage.fields.keys()];
      return [{ ...rule, form, expect, fields }];
    }
    return [];
  });
}
