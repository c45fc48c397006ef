/**
 * Times of a package: RFC 3339 with an offset, and the end of a day in a time zone.
 */
import type { Timestamp } from '#domain';
import { isDate } from '../source/codes.ts';

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Whether a text is a time with an offset, as RFC 3339 section 5.6 writes it (with `T` and `Z` in capitals). */
export function isTimestamp(text: string): boolean {
  const match = RFC_3339.exec(text);
  return match !== null && isDate(match[1]!);
}

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
