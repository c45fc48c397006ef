/**
 * The rules of an election, ready to check sheets (contracts §1, rules.json).
 */
import { createHash } from 'node:crypto';
import {
  type Contest,
  canonicalBytes,
  type Definition,
  type Election,
  type FigureLayout,
  type Figures,
  type Finding,
  type FormId,
  type Rule,
} from '#domain';
import { RuleCompiler } from './compile.ts';
import type { Condition } from './condition.ts';
import { ShareBase } from './share-base.ts';
import { type OtherSheets, SheetContext } from './sheet-context.ts';

export interface RuleBook {
  /** Packs with their versions and a digest of all rules, e.g. `vietnam-2021@1 rules:9f8e7d6c`; `none` without rules. */
  readonly version: string;
  /**
   * Findings of the rules that look at one sheet alone, in the order of the rules.
   * `figures` in the contest's layout; `registered`: voters expected at the station, undefined where unknown.
   */
  check(contest: Contest, figures: Figures, registered: number | undefined): Finding[];
  /**
   * Findings of the rules that use `other`: warnings that never hold and stand in no event.
   * `others`: the standing sheets of the same station by body.
   */
  checkOther(contest: Contest, figures: Figures, registered: number | undefined, others: OtherSheets): Finding[];
  /** A rule by id; the same id may stand for several forms: the first, unless a form is named. */
  rule(id: string, form?: FormId): Rule | undefined;
  /** What a share is a share of, over summed figures; undefined where there is nothing to divide by. */
  shareOf(contest: Contest, sums: readonly number[]): number | undefined;
}

interface CompiledRule {
  readonly rule: Rule;
  readonly condition: Condition;
  readonly usesOther: boolean;
  /** Made once: findings are equal whenever the rule is. */
  readonly broken: Finding;
  readonly failed: Finding;
}

/**
 * Compiles and type-checks the rules once. The definition must be valid (as `readPackage` leaves it); a rule that does
 * not compile throws.
 */
export function compileRules(election: Election): RuleBook {
  const { definition } = election;
  const forms = new Map(Object.entries(definition.forms));
  const compiler = new RuleCompiler(forms, definition.contests);
  const byForm = new Map<FormId, CompiledRule[]>();
  for (const rule of definition.rules) {
    const list = byForm.get(rule.form) ?? [];
    byForm.set(rule.form, list);
    list.push(compiledRule(rule, compiler));
  }
  const checkers = new WeakMap<FigureLayout, SheetChecker>();
  const checkerOf = (contest: Contest): SheetChecker => {
    let checker = checkers.get(contest.layout);
    if (!checker) {
      checker = new SheetChecker(contest, byForm.get(contest.row.form) ?? [], compiler);
      checkers.set(contest.layout, checker);
    }
    return checker;
  };
  const shares = new ShareBase(forms, compiler);
  return {
    version: rulesVersion(definition),
    check: (contest, figures, registered) => checkerOf(contest).check(figures, registered),
    checkOther: (contest, figures, registered, others) =>
      checkerOf(contest).checkOther(contest, figures, registered, others),
    rule: (id, form) => definition.rules.find((rule) => rule.id === id && (form === undefined || rule.form === form)),
    shareOf: (contest, sums) => shares.of(contest, sums),
  };
}

function compiledRule(rule: Rule, compiler: RuleCompiler): CompiledRule {
  const compiled = compiler.rule(rule);
  if ('faults' in compiled) throw new Error(`rule ${rule.id} of form ${rule.form}: ${compiled.faults[0]?.message}`);
  return {
    rule,
    condition: compiled.condition,
    usesOther: compiled.condition.usage.variables.has('other'),
    broken: Object.freeze({ rule: rule.id, severity: rule.severity }),
    failed: Object.freeze({ rule: 'rule-failed', severity: 'error', about: rule.id }),
  };
}

function rulesVersion({ packs, rules }: Definition): string {
  if (rules.length === 0) return 'none';
  const digest = createHash('sha256').update(canonicalBytes(rules)).digest('hex').slice(0, 8);
  return [...packs.map(({ id, version }) => `${id}@${version}`), `rules:${digest}`].join(' ');
}

/** The rules of a form with the context they are evaluated in, for all contests that share a layout. */
class SheetChecker {
  readonly #context: SheetContext;
  readonly #alone: readonly CompiledRule[];
  readonly #withOthers: readonly CompiledRule[];

  constructor(contest: Contest, rules: readonly CompiledRule[], compiler: RuleCompiler) {
    const usages = rules.map(({ condition }) => condition.usage);
    this.#context = new SheetContext(contest, compiler.environment(contest.row.form), usages);
    this.#alone = rules.filter(({ usesOther }) => !usesOther);
    this.#withOthers = rules.filter(({ usesOther }) => usesOther);
  }

  check(figures: Figures, registered: number | undefined): Finding[] {
    if (this.#alone.length === 0) return [];
    this.#context.fill(figures, registered);
    return this.#findings(this.#alone);
  }

  checkOther(contest: Contest, figures: Figures, registered: number | undefined, others: OtherSheets): Finding[] {
    if (this.#withOthers.length === 0) return [];
    this.#context.fill(figures, registered);
    this.#context.fillOthers(contest, others);
    return this.#findings(this.#withOthers);
  }

  #findings(rules: readonly CompiledRule[]): Finding[] {
    const findings: Finding[] = [];
    for (const rule of rules) {
      if (!applies(rule.condition, this.#context)) continue;
      const outcome = evaluate(rule.condition, this.#context);
      if (outcome === 'broken') findings.push(rule.broken);
      else if (outcome === 'failed') findings.push(rule.failed);
    }
    return findings;
  }
}

/** Whether everything that the rule uses is there; what it tests with `has()` itself may be absent. */
function applies({ usage }: Condition, context: SheetContext): boolean {
  for (const id of usage.fields.keys()) if (!context.f.has(id) && !usage.guardedFields.has(id)) return false;
  if (context.registered === undefined && usage.variables.has('registered')) return false;
  for (const [body, fields] of usage.others) {
    if (usage.guardedBodies.has(body)) continue;
    const sheet = context.other.get(body);
    if (!sheet) return false;
    for (const id of fields.keys()) if (!sheet.has(id)) return false;
  }
  return true;
}

function evaluate(condition: Condition, context: SheetContext): 'kept' | 'broken' | 'failed' | 'absent' {
  try {
    const value = condition.evaluate(context);
    if (value === true) return 'kept';
    return value === false ? 'broken' : 'failed';
  } catch (error) {
    return isAbsence(error) ? 'absent' : 'failed';
  }
}

/** Whether evaluation failed over a field or sheet that the rule guards with `has()` in some places but not in others. */
function isAbsence(error: unknown): boolean {
  const { code, node } = error as { code?: string; node?: { op?: string; args?: unknown } };
  if (code !== 'no_such_key') return false;
  let left: unknown = node;
  while (isAccess(left)) left = left.args[0];
  const root = left as { op?: string; args?: unknown } | undefined;
  return root?.op === 'id' && (root.args === 'f' || root.args === 'other');
}

function isAccess(value: unknown): value is { args: unknown[] } {
  const node = value as { op?: string; args?: unknown } | undefined;
  return (node?.op === '.' || node?.op === '[]') && Array.isArray(node.args);
}
