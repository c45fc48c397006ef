import type { ReplayStateAnswer } from '#wire';
import { deskWords } from '../text/desk.ts';
import { useLocale } from '../text/locale.ts';

/** How far a replay is. Tenths are said aloud; the figures in between are only shown. */
export function ReplayProgressBar({ state }: { state: ReplayStateAnswer }) {
  const { stage, done, total, perSecond, secondsLeft, behind } = state;
  const locale = useLocale();
  const words = deskWords(locale).replay;
  const isRebuilding = stage === 'rebuilding';
  const tenths = total > 0 ? Math.floor((done * 10) / total) : 0;
  return (
    <div class="replay-progress">
      <progress aria-label={words.stages[stage]} value={done} max={Math.max(1, total)} />
      <p class="unseen" role="status">
        {words.tenths(tenths * 10)}
      </p>
      <p>{isRebuilding ? words.events(done, total) : words.units(done, total)}</p>
      {perSecond !== null && secondsLeft !== null && (
        <p>{words.rate(Math.round(perSecond), Math.ceil(secondsLeft), isRebuilding)}</p>
      )}
      {isRebuilding && <p>{words.behind(behind)}</p>}
    </div>
  );
}
