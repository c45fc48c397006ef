/** Time zones, and the end of a day in one. */
import type { Timestamp } from '#domain';

export function isTimezone(text: string): boolean {
  // `+07:00` is taken by Intl in newer Node versions, but names no zone of IANA's.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** The end of a day in a zone: midnight of the next, e.g. `2021-05-24T00:00:00+07:00`. */
export function endOfDay(date: string, timezone: string): Timestamp {
  const next = new Date(`${date}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  const day = next.toISOString().slice(0, 10);
  // The offset at midnight is that of the instant which the first guess leads to.
  const guess = offsetAt(next, timezone);
  const offset = offsetAt(new Date(`${day}T00:00:00${guess}`), timezone);
  return `${day}T00:00:00${offset}`;
}

function offsetAt(instant: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' }).formatToParts(
    instant,
  );
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return /GMT([+-]\d{2}:\d{2})/.exec(name)?.[1] ?? '+00:00';
}
