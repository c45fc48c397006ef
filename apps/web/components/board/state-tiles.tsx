import type { BoardCounts, MinutesState } from '#wire';
import { type BoardPlace, links, MINUTES_STATES } from '../../route.ts';
import { deskWords } from '../../text/desk.ts';
import { useLocale } from '../../text/locale.ts';
import { Count } from '../count.tsx';

interface StateTilesProps {
  readonly election: string;
  readonly place: BoardPlace;
  readonly counts: BoardCounts;
}

/**
 * How many minutes are in each state; each opens the list of them. Of the late ones only so many are sure from the
 * counts: others may have come early in their place.
 */
export function StateTiles({ election, place, counts }: StateTilesProps) {
  const locale = useLocale();
  const words = deskWords(locale).board;
  const late = Math.max(0, counts.due - counts.received);
  const countOf = (state: MinutesState): number => (state === 'late' ? late : counts[state]);
  return (
    <nav class="state-tiles" aria-label={words.statesTitle}>
      <ul>
        {MINUTES_STATES.map((state) => (
          <li key={state}>
            <a
              class={countOf(state) > 0 ? `tile tile-${state}` : 'tile tile-none'}
              href={links.board(locale.language, election, { ...place, state })}
              aria-current={state === place.state ? 'true' : undefined}
            >
              <span class="tile-count">
                <Count value={countOf(state)} />
              </span>
              <span class="tile-name">
                {words.states[state]}
                {state === 'late' && late > 0 && ` ${words.atLeast}`}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
