import { auditWords } from '../text/audit.ts';
import { useLocale } from '../text/locale.ts';
import { Notice } from './notice.tsx';

interface PastNoticeProps {
  /** undefined: not known yet; null: before anything. */
  readonly asOf: string | null | undefined;
  readonly nowHref: string;
  readonly compareHref?: string;
}

/** Says that figures are of the past, and leads back to now. */
export function PastNotice({ asOf, nowHref, compareHref }: PastNoticeProps) {
  const locale = useLocale();
  const words = auditWords(locale).past;
  const title = asOf === null ? words.nothing : asOf === undefined ? words.title : words.asOf(dated(locale, asOf));
  return (
    <Notice tone="attention" title={title}>
      <p>{words.text}</p>
      <p class="past-links">
        <a href={nowHref}>{words.now}</a>
        {compareHref && <a href={compareHref}>{words.compare}</a>}
      </p>
    </Notice>
  );
}

/** 21:14:03, 23 May 2021 */
export function dated({ clock, moment }: Pick<ReturnType<typeof useLocale>, 'clock' | 'moment'>, time: string): string {
  return `${clock(time)}, ${moment(time).split(', ').at(-1)}`;
}
