import { useState } from 'preact/hooks';
import type { AttemptMessage } from '#wire';
import { useAttempts } from '../../live/attempts-feed.ts';
import { links } from '../../route.ts';
import { deskWords } from '../../text/desk.ts';
import { useLocale } from '../../text/locale.ts';
import { Tag } from '../tag.tsx';

const SHOWN = 30;

/** What comes in, accepted or rejected, newest first. Not read out by itself: it would never end. */
export function Attempts({ election, unit }: { election: string; unit: string }) {
  const locale = useLocale();
  const { language } = locale;
  const words = deskWords(locale).board;
  const [onlyRejected, setOnlyRejected] = useState(false);
  const attempts = useAttempts(election, unit);
  const shown = attempts.filter(({ outcome }) => !onlyRejected || outcome === 'rejected').slice(0, SHOWN);
  return (
    <div class="board-feed">
      <h2 id="feed">{words.feed}</h2>
      <p class="section-note">{words.feedNote}</p>
      <label class="check">
        <input
          type="checkbox"
          checked={onlyRejected}
          onChange={(event) => setOnlyRejected(event.currentTarget.checked)}
        />{' '}
        {words.onlyRejected}
      </label>
      <p>
        <a href={links.attempts(language, election, { unit })}>{deskWords(locale).attempts.link}</a>
      </p>
      {shown.length === 0 && <p>{words.noAttempts}</p>}
      <ol class="feed-lines">
        {shown.map((attempt) => (
          <Line key={attempt.position} election={election} attempt={attempt} />
        ))}
      </ol>
    </div>
  );
}

function Line({ election, attempt }: { election: string; attempt: AttemptMessage }) {
  const { language, history, clock } = useLocale();
  const words = deskWords(useLocale()).board;
  const { station, contest, subject, type, outcome, rejection, logTime, actor } = attempt;
  const what = history.events[type as keyof typeof history.events] ?? history.unknownEvent;
  return (
    <li>
      <time dateTime={logTime}>{clock(logTime)}</time>
      <Tag tone={outcome === 'accepted' ? 'good' : 'danger'}>
        {outcome === 'accepted' ? words.accepted : words.rejected}
      </Tag>
      <span class="feed-what">
        {what}{' '}
        {station !== null && contest !== null ? (
          <a href={links.sheet(language, election, station, contest)}>
            {station}/{contest}
          </a>
        ) : (
          subject
        )}
        {actor && ` ${history.by(history.roles[actor.role])}`}
        {rejection && <span class="feed-why">{history.rejections[rejection]}</span>}
      </span>
    </li>
  );
}
