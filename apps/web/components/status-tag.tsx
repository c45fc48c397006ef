import type { SheetStatus } from '#domain';
import { useLocale } from '../text/locale.ts';
import { Tag, type Tone } from './tag.tsx';

const TONES: Record<SheetStatus, Tone> = {
  none: 'neutral',
  'awaiting-second': 'attention',
  disputed: 'danger',
  accepted: 'accent',
  held: 'attention',
  returned: 'attention',
  annulled: 'danger',
  verified: 'good',
};

interface StatusTagProps {
  readonly status: SheetStatus;
  readonly sealed?: boolean;
  readonly closed?: boolean;
}

/** The state of one sheet in a word or two. */
export function StatusTag({ status, sealed = false, closed = false }: StatusTagProps) {
  const { t } = useLocale();
  return (
    <span class="tags">
      {(status !== 'none' || (!sealed && !closed)) && <Tag tone={TONES[status]}>{t.sheet.statusShort[status]}</Tag>}
      {sealed && <Tag tone="danger">{t.sheet.sealedShort}</Tag>}
      {closed && <Tag>{t.sheet.closedShort}</Tag>}
    </span>
  );
}
