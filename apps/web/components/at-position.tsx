import { eventsBefore, readPosition } from '../live/position.ts';
import { useLocale } from '../text/locale.ts';

interface AtPositionProps {
  readonly position: string | undefined;
  readonly asOf: string | null | undefined;
}

/** At which position, and of when, the figures of a page are that is not live. */
export function AtPosition({ position, asOf }: AtPositionProps) {
  const { t, clock, moment } = useLocale();
  const read = readPosition(position ?? '');
  if (!read) return null;
  return (
    <section class="as-of" aria-label={t.asOf.title}>
      <dl>
        <div>
          <dt>{t.asOf.figures}</dt>
          <dd>
            {asOf ? `${clock(asOf)} · ${moment(asOf).split(', ').at(-1)}` : t.asOf.nothing}
            <span class="as-of-more">{t.asOf.event(eventsBefore(read))}</span>
          </dd>
        </div>
        <div>
          <dt>{t.asOf.position}</dt>
          <dd>
            <code>{position}</code>
          </dd>
        </div>
      </dl>
      <p class="as-of-note">
        {t.asOf.positionNote} {t.asOf.sameForAll}
      </p>
    </section>
  );
}
