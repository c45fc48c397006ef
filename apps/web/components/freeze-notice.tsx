import type { FreezeAnswer } from '#wire';
import { useLocale } from '../text/locale.ts';
import { Notice } from './notice.tsx';

/** Says that publication stands still: since when, and why. */
export function FreezeNotice({ since, reason }: FreezeAnswer) {
  const { t, moment } = useLocale();
  return (
    <Notice tone="attention" title={t.frozen.title(moment(since))}>
      {t.frozen.text} {reason}
    </Notice>
  );
}
