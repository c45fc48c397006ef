import type { Feed } from '../live/feed.ts';
import { paused } from '../live/watching.ts';
import { useLocale } from '../text/locale.ts';
import { Notice } from './notice.tsx';

/** Says since when there is no connection, and how old the figures are. */
export function OfflineNotice({ feed, asOf }: { feed: Feed; asOf: string | null | undefined }) {
  const { t, clock, minute } = useLocale();
  const since = feed.offlineSince.value;
  if (feed.link.value !== 'offline' || since === null || paused.value) return null;
  return (
    <Notice tone="attention" title={t.live.offline(minute(since))}>
      {t.live.offlineFigures(asOf ? clock(asOf) : clock(since))}
    </Notice>
  );
}
