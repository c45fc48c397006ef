/** Units by code, or by name without diacritics: `da lat` finds Đà Lạt. */
import type { Election, Unit } from '#domain';
import type { FoundUnitsAnswer } from '#wire';
import { unitName } from './place.ts';

const MOST = 50;

interface Entry {
  readonly unit: Unit;
  readonly code: string;
  readonly names: readonly string[];
}

const indexes = new WeakMap<Election, readonly Entry[]>();

/** Lower case without diacritics; `đ` has none that could be taken off, so it is mapped. */
export function plainText(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/\s+/g, ' ')
    .trim();
}

export function foundUnits(election: Election, wanted: string): FoundUnitsAnswer {
  const text = plainText(wanted);
  const found = text === '' ? [] : rank(indexOf(election), text);
  return {
    election: election.definition.id,
    total: found.length,
    found: found.slice(0, MOST).map((unit) => ({
      ...unitName(unit),
      isStation: unit.isStation,
      path: [...election.ancestors(unit)].reverse().map(unitName),
    })),
  };
}

function indexOf(election: Election): readonly Entry[] {
  const known = indexes.get(election);
  if (known) return known;
  const made = election.units.map(
    (unit): Entry => ({
      unit,
      code: plainText(unit.code),
      names: [unit.row.name, ...Object.values(unit.row.names ?? {})].map(plainText),
    }),
  );
  indexes.set(election, made);
  return made;
}

/** Best first; among equals the higher level, then the order of the package. */
function rank(entries: readonly Entry[], text: string): Unit[] {
  const scored = entries.flatMap((entry) => {
    const score = scoreOf(entry, text);
    return score === null ? [] : [{ unit: entry.unit, score }];
  });
  scored.sort((a, b) => a.score - b.score || a.unit.level - b.unit.level || a.unit.index - b.unit.index);
  return scored.map(({ unit }) => unit);
}

function scoreOf({ code, names }: Entry, text: string): number | null {
  if (code === text) return 0;
  if (names.includes(text)) return 1;
  if (code.startsWith(text)) return 2;
  if (names.some((name) => name.startsWith(text))) return 3;
  if (names.some((name) => name.includes(` ${text}`))) return 4;
  return names.some((name) => name.includes(text)) ? 5 : null;
}
