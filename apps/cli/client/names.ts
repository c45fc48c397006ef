/** Names a user gives, found in an election; what does not exist is said with what does. */
import type { Contest, Election, Unit } from '#domain';
import { refused } from '../errors.ts';
import { unknownName } from '../suggest.ts';

export function unitNamed(election: Election, code: string): Unit {
  const unit = election.unit(code);
  if (unit) return unit;
  throw refused(
    unknownName(
      'unit',
      code,
      election.units.map((one) => one.code),
    ),
  );
}

export function contestNamed(election: Election, id: string): Contest {
  const contest = election.contest(id);
  if (contest) return contest;
  throw refused(
    unknownName(
      'contest',
      id,
      election.contests.map((one) => one.id),
    ),
  );
}

/** A contest that has stations at or below a unit. */
export function contestOfUnit(election: Election, id: string, unit: Unit): Contest {
  const contest = contestNamed(election, id);
  if (election.contestAt(contest, unit)) return contest;
  const there = election.contestsAt(unit).map((one) => one.id);
  throw refused(
    `Contest ${id} has no station at or below ${unit.code}; ${there.length > 0 ? `there: ${there.slice(0, 12).join(', ')}` : 'no contest has'}.`,
  );
}

/** Index of a level, 0 = root. */
export function levelNamed(election: Election, id: string): number {
  const { levels } = election.definition;
  const index = levels.findIndex((level) => level.id === id);
  if (index >= 0) return index;
  throw refused(
    unknownName(
      'level',
      id,
      levels.map((level) => level.id),
    ),
  );
}

export function mustHaveBody(election: Election, id: string): void {
  const bodies = new Set(election.contests.flatMap(({ row }) => (row.body === undefined ? [] : [row.body])));
  if (!bodies.has(id)) throw refused(unknownName('body', id, bodies));
}

export function mustHaveRule(election: Election, id: string): void {
  const rules = new Set(election.definition.rules.map((rule) => rule.id));
  if (!rules.has(id) && id !== 'rule-failed') throw refused(unknownName('rule', id, rules));
}
