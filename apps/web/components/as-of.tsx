import { addresses, type NodeAddress } from '../live/addresses.ts';
import type { Feed } from '../live/feed.ts';
import { eventsBefore, printPosition, readPosition } from '../live/position.ts';
import { links } from '../route.ts';
import { useLocale } from '../text/locale.ts';

interface AsOfProps {
  readonly position: string | undefined;
  readonly asOf: string | null | undefined;
  /** The table's own position, where two answers were given at two. */
  readonly tablePosition?: string;
  readonly feed: Feed;
  readonly node: Omit<NodeAddress, 'track'>;
  readonly fingerprint?: string;
}

/** At which position and when the figures are true, when that was last checked, and where to get them. */
export function AsOf({ position, asOf, tablePosition, feed, node, fingerprint }: AsOfProps) {
  const { t, pages, language, moment, clock } = useLocale();
  const read = readPosition(position ?? '');
  const checked = feed.lastCheck.value;
  return (
    <section class="as-of" aria-label={t.asOf.title}>
      <dl>
        <div>
          <dt>{t.asOf.figures}</dt>
          <dd>
            {asOf ? `${clock(asOf)} · ${moment(asOf).split(', ').at(-1)}` : t.asOf.nothing}
            {read && <span class="as-of-more">{t.asOf.event(eventsBefore(read))}</span>}
          </dd>
        </div>
        <div>
          <dt>{t.asOf.position}</dt>
          <dd>
            <code>{read ? printPosition(read) : t.none}</code>
            {tablePosition !== undefined && tablePosition !== position && (
              <span class="as-of-more">
                {t.asOf.tablePosition} <code>{tablePosition}</code>
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>{t.asOf.checked}</dt>
          <dd>{checked === null ? t.none : <time>{clock(checked)}</time>}</dd>
        </div>
        {fingerprint && (
          <div class="as-of-wide">
            <dt>{t.asOf.fingerprint}</dt>
            <dd>
              <code>{fingerprint}</code>
            </dd>
          </div>
        )}
      </dl>
      <p class="as-of-note">
        {t.asOf.positionNote} {t.asOf.sameForAll}
      </p>
      <ul class="downloads">
        <li>
          <a href={addresses.csv(node)} download>
            {t.asOf.csv}
          </a>
        </li>
        <li>
          <a href={addresses.csvOfEverything(node.election)} download>
            {t.asOf.csvAll}
          </a>
        </li>
        <li>
          <a href={links.copy(language, node.election, node.unit, node.contest || undefined)} download rel="nofollow">
            {pages.copy.link}
          </a>
        </li>
        <li>
          <a href="/api/docs">{t.asOf.api}</a>
        </li>
      </ul>
    </section>
  );
}
