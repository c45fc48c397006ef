/** What a name that does not exist may have meant. */

const MAX_LISTED = 12;

/** " There is no level "x"; did you mean …?" — or what there is. */
export function unknownName(what: string, name: string, known: Iterable<string>): string {
  const names = [...known];
  const meant = nearest(name, names);
  const head = `There is no ${what} ${JSON.stringify(name.slice(0, 80))}`;
  if (meant) return `${head}; did you mean ${meant}?`;
  if (names.length === 0) return `${head}; there is none at all.`;
  const listed = names.slice(0, MAX_LISTED).join(', ');
  return `${head}; there ${names.length > MAX_LISTED ? `are ${names.length}, such as ${listed}` : `is: ${listed}`}.`;
}

/** The name meant: the same but for case or leading zeros, or one or two letters away. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = bare(name);
  const same = names.find((one) => bare(one) === plain);
  if (same !== undefined) return same;
  const limit = name.length < 5 ? 1 : 2;
  let best: string | undefined;
  let least = limit + 1;
  for (const one of names) {
    if (Math.abs(one.length - name.length) >= least) continue;
    const steps = distance(one.toLowerCase(), name.toLowerCase());
    if (steps < least) {
      least = steps;
      best = one;
    }
  }
  return best;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/^0+(?=.)/, '');
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, swap));
    }
    row = next;
  }
  return row[b.length]!;
}
