import type { Severity } from './definition.ts';

/** What a rule says about a sheet. Evaluated before the event is appended, recorded in it, never worked out by the fold. */
export interface Finding {
  /** The rule's id, or `rule-failed` where its evaluation failed. */
  readonly rule: string;
  readonly severity: Severity;
  /** With `rule-failed`: the rule that could not be evaluated. */
  readonly about?: string;
}

/** Whether findings keep a sheet out of the standing totals: one of severity `holdOn` or worse (contracts §2). */
export function findingsHold(findings: readonly Finding[], holdOn: 'error' | 'warning' | 'never'): boolean {
  if (holdOn === 'never') return false;
  return findings.some(({ severity }) => severity === 'error' || (holdOn === 'warning' && severity === 'warning'));
}
