/** Times as a clock on the wall shows them in a place. */

/**
 * The moment at which clocks in the zone show `2021-05-23T21:00`, as RFC 3339 in UTC; null where it is no time. In the hour
 * that a zone skips it is the moment after, in the one that it repeats the first.
 */
export function momentOf(wall: string, timeZone: string): string | null {
  const asUtc = Date.parse(`${wall}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(wall) || Number.isNaN(asUtc)) return null;
  // The zone's offset can only change between a day before and a day after.
  const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((time) => offsetAt(time, timeZone));
  const fitting = offsets.map((offset) => asUtc - offset).filter((time) => time + offsetAt(time, timeZone) === asUtc);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : asUtc - offsets[0]!).toISOString();
}

const DAY_MS = 86_400_000;

/** How far clocks in the zone are before UTC, milliseconds. */
function offsetAt(time: number, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(time);
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(time / 1_000) * 1_000;
}
