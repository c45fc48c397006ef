/**
 * Days and times as they stand in packages and on sheets. The fold reads times, so what is one is said here to the letter:
 * `Date.parse` takes 30 February and 24:00, and differs from one engine to another.
 */

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const days = month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether a value is a time with an offset, as RFC 3339 §5.6 writes it (`T` and `Z` in capitals, no leap second). */
export function isTimestamp(value: unknown): value is string {
  const match = typeof value === 'string' ? RFC_3339.exec(value) : null;
  return match !== null && isDate(match[1]!);
}
