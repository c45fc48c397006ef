/**
 * The rules of a definition, compiled form by form. Used twice: when a package is read (to tell what is wrong) and when
 * an election is opened (to check sheets).
 */
import type { BodyId, ContestRow, Form, FormField, FormId, Rule } from '#domain';
import { type Compiled, compileCondition, type Names } from './condition.ts';
import { type BodyForms, type FormEnvironment, formEnvironment } from './environment.ts';

export type Forms = ReadonlyMap<FormId, Form>;

export class RuleCompiler {
  readonly #forms: Forms;
  readonly #bodies: BodyForms;
  readonly #bodyFields: ReadonlyMap<BodyId, readonly FormField[]>;
  readonly #environments = new Map<FormId, FormEnvironment>();

  constructor(forms: Forms, contests: readonly Pick<ContestRow, 'body' | 'form'>[]) {
    this.#forms = forms;
    this.#bodies = formsOfBodies(contests, forms);
    this.#bodyFields = new Map(
      [...this.#bodies].map(([body, ids]) => [body, [...ids].flatMap((id) => forms.get(id)?.fields ?? [])]),
    );
  }

  environment(form: FormId): FormEnvironment {
    let environment = this.#environments.get(form);
    if (!environment) {
      environment = formEnvironment(form, this.#forms, this.#bodies);
      this.#environments.set(form, environment);
    }
    return environment;
  }

  rule({ form, expect }: Pick<Rule, 'form' | 'expect'>): Compiled {
    return compileCondition(expect, this.environment(form), this.#names(form), 'bool');
  }

  /** `shareOf` sees the summed fields and what is fixed for a contest; nothing of one station. */
  shareOf(form: FormId, expression: string): Compiled {
    const compiled = compileCondition(expression, this.environment(form), this.#names(form), 'int');
    if ('faults' in compiled) return compiled;
    for (const name of ['registered', 'other', 'votes', 'max'] as const)
      if (compiled.condition.usage.variables.has(name)) {
        const message = `shareOf sees f, sum, seats and candidates, not ${name}`;
        return { faults: [{ offset: 0, code: 'rule-type', message }] };
      }
    return compiled;
  }

  #names(form: FormId): Names {
    return { form, fields: this.#forms.get(form)?.fields ?? [], bodies: this.#bodyFields };
  }
}

function formsOfBodies(contests: readonly Pick<ContestRow, 'body' | 'form'>[], forms: Forms): BodyForms {
  const bodies = new Map<BodyId, Set<FormId>>();
  for (const { body, form } of contests) {
    if (body === undefined || !forms.has(form)) continue;
    const known = bodies.get(body);
    if (known) known.add(form);
    else bodies.set(body, new Set([form]));
  }
  return bodies;
}

/** Rules that use `other` are warnings that never hold: an error among them becomes a warning (contracts §1). */
export function severityOf(rule: Rule, usesOther: boolean): Rule {
  return usesOther && rule.severity === 'error' ? { ...rule, severity: 'warning' } : rule;
}
