/** How a page speaks: its words, and how it prints counts, shares and times. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Texts } from '#domain';
import type { UnitName } from '#wire';
import { shareHundredths } from '../figures/share.ts';
import type { Dictionary, PrintCount } from './en.ts';
import type { HistoryWords } from './history-en.ts';
import type { UiLanguage } from './languages.ts';
import type { PageWords } from './pages-en.ts';
import { wordsOf } from './words.ts';

export { UI_LANGUAGES, type UiLanguage } from './languages.ts';

export interface Locale {
  readonly language: UiLanguage;
  readonly t: Dictionary;
  readonly history: HistoryWords;
  readonly pages: PageWords;
  /** A count, grouped as the language does. */
  readonly count: PrintCount;
  /** A difference, with its sign. */
  readonly difference: PrintCount;
  /** Hundredths of a percent; "–" where there is nothing to say. */
  readonly percent: (hundredths: number | null) => string;
  /** `part` of `whole`, two decimals, half up; "–" where there is nothing to divide by. */
  readonly share: (part: number, whole: number | undefined) => string;
  readonly fraction: (value: number) => string;
  /** 21:14:03 */
  readonly clock: (time: string | number) => string;
  /** 21:14 */
  readonly minute: (time: string | number) => string;
  /** 21:14, 23 May 2021 */
  readonly moment: (time: string | number) => string;
  readonly day: (date: string) => string;
  /** In the page's language, else in one that the package has, else as said. */
  readonly pick: (texts: Texts | undefined, otherwise?: string) => string;
  readonly nameOf: (named: Pick<UnitName, 'name' | 'names'>) => string;
  readonly compare: (a: string, b: string) => number;
}

const TAGS: Record<UiLanguage, string> = { vi: 'vi-VN', en: 'en-GB' };

export function makeLocale(language: UiLanguage, timeZone: string | undefined): Locale {
  const tag = TAGS[language];
  const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const signed = new Intl.NumberFormat(tag, { maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  const hundredth = new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const fractions = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 2 });
  const count: PrintCount = (value) => whole.format(value);
  const words = wordsOf(language);
  const t = words.dictionary(count);
  const percent = (hundredths: number | null): string =>
    hundredths === null ? t.none : `${hundredth.format(hundredths / 100)}%`;
  const dates = dateFormats(tag, timeZone);
  const nameIn = (texts: Texts | undefined): string | undefined => texts?.[language];
  return {
    language,
    t,
    history: words.history,
    pages: words.pages(count),
    count,
    difference: (value) => signed.format(value),
    percent,
    share: (part, of) => percent(shareHundredths(part, of)),
    fraction: (value) => fractions.format(value),
    clock: (time) => dates.clock.format(new Date(time)),
    minute: (time) => dates.minute.format(new Date(time)),
    moment: (time) => `${dates.minute.format(new Date(time))}, ${dates.date.format(new Date(time))}`,
    day: (date) => dates.day.format(new Date(`${date}T12:00:00Z`)),
    pick: (texts, otherwise = '') => nameIn(texts) ?? Object.values(texts ?? {})[0] ?? otherwise,
    nameOf: ({ name, names }) => nameIn(names) ?? name,
    compare: new Intl.Collator(tag, { numeric: true }).compare,
  };
}

function dateFormats(tag: string, timeZone: string | undefined) {
  const make = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
    try {
      return new Intl.DateTimeFormat(tag, { ...options, timeZone });
    } catch {
      return new Intl.DateTimeFormat(tag, options);
    }
  };
  const two = '2-digit';
  return {
    clock: make({ hour: two, minute: two, second: two, hourCycle: 'h23' }),
    minute: make({ hour: two, minute: two, hourCycle: 'h23' }),
    date: make({ day: 'numeric', month: tag.startsWith('vi') ? 'numeric' : 'long', year: 'numeric' }),
    day: new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' }),
  };
}

export const LocaleContext = createContext<Locale | null>(null);

export function useLocale(): Locale {
  const locale = useContext(LocaleContext);
  if (!locale) throw new Error('a component stands outside of every page');
  return locale;
}
