import type { Feed } from '../live/feed.ts';
import { paused } from '../live/watching.ts';
import { useLocale } from '../text/locale.ts';

/** How the figures arrive now, and the button that stops them (WCAG 2.2.2). */
export function LiveControl({ feed }: { feed: Feed }) {
  const { t, minute } = useLocale();
  const link = paused.value ? 'paused' : feed.link.value;
  const since = feed.offlineSince.value;
  const text = link === 'offline' ? t.live.offline(since === null ? t.none : minute(since)) : t.live[link];
  return (
    <div class={`live live-${link}`}>
      <span class="live-state" title={link === 'polling' ? t.live.pollingLong : undefined}>
        <span class="live-dot" aria-hidden="true" />
        {text}
      </span>
      <button
        type="button"
        class="quiet-button"
        aria-label={paused.value ? t.live.resumeLong : t.live.pauseLong}
        onClick={() => {
          paused.value = !paused.value;
        }}
      >
        {paused.value ? t.live.resume : t.live.pause}
      </button>
    </div>
  );
}
