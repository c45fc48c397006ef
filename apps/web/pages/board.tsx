/** The operations board: where minutes are missing, late, held or disputed, and whether the system keeps up. */

import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { BoardAnswer, ElectionAnswer, UnitAnswer } from '#wire';
import { AccountNotice } from '../components/account-notice.tsx';
import { Areas } from '../components/board/areas.tsx';
import { Arrivals } from '../components/board/arrivals.tsx';
import { Attempts } from '../components/board/attempts.tsx';
import { MinutesList } from '../components/board/minutes-list.tsx';
import { Rules } from '../components/board/rules.tsx';
import { StateTiles } from '../components/board/state-tiles.tsx';
import { System } from '../components/board/system.tsx';
import { Breadcrumb } from '../components/breadcrumb.tsx';
import { Emphasis } from '../components/emphasis.tsx';
import { Heading } from '../components/heading.tsx';
import { Notice } from '../components/notice.tsx';
import { Shell } from '../components/shell.tsx';
import { addresses } from '../live/addresses.ts';
import type { RequestFailed } from '../live/http.ts';
import { usePolled } from '../live/polled.ts';
import { type BoardPlace, links } from '../route.ts';
import { contentShown, navigate } from '../router.ts';
import { deskWords } from '../text/desk.ts';
import { type Locale, LocaleContext, makeLocale, type UiLanguage } from '../text/locale.ts';

interface BoardPageProps extends BoardPlace {
  readonly language: UiLanguage;
  readonly election: string;
}

const EVERY_MS = 5_000;
/** What the package says does not change. */
const SELDOM_MS = 300_000;

export function BoardPage({ language, election: id, unit: code, contest, state }: BoardPageProps) {
  const election = usePolled<ElectionAnswer>(addresses.election(id), SELDOM_MS);
  const at = code ?? election.answer?.root;
  const unit = usePolled<UnitAnswer>(at === undefined ? undefined : addresses.unit(id, at, contest), SELDOM_MS);
  const board = usePolled<BoardAnswer>(at === undefined ? undefined : addresses.board(id, at, { contest }), EVERY_MS);
  const timezone = election.answer?.timezone;
  const locale = useMemo(() => makeLocale(language, timezone), [language, timezone]);
  const words = deskWords(locale).board;
  const place = { unit: code, contest, state };
  const isReady = board.answer !== undefined;
  useLayoutEffect(() => {
    if (isReady) contentShown();
  }, [isReady]);
  const failure = election.failure ?? unit.failure ?? board.failure;
  return (
    <LocaleContext.Provider value={locale}>
      <Shell
        title={[words.title, unit.answer && locale.nameOf(unit.answer)].filter(Boolean).join(' – ')}
        election={election.answer}
      >
        {unit.answer && board.answer ? (
          <Content locale={locale} election={id} unit={unit.answer} board={board} place={place} />
        ) : (
          <>
            <Heading text={words.title} />
            {failure ? <AccountNotice words={words} failure={failure} /> : <p class="loading">{locale.t.loading}</p>}
          </>
        )}
      </Shell>
    </LocaleContext.Provider>
  );
}

interface ContentProps {
  readonly locale: Locale;
  readonly election: string;
  readonly unit: UnitAnswer;
  readonly board: { readonly answer: BoardAnswer | undefined; readonly failure: RequestFailed | undefined };
  readonly place: BoardPlace;
}

function Content({ locale, election, unit, board: { answer, failure }, place }: ContentProps) {
  const words = deskWords(locale).board;
  if (!answer) return null;
  const { counts, position } = answer;
  const behind = counts.due - counts.received;
  const only = unit.contests.length === 1 ? unit.contests[0]?.id : undefined;
  return (
    <>
      <Breadcrumb
        crumbs={unit.path.map((above) => ({
          name: locale.nameOf(above),
          href: links.board(locale.language, election, { ...place, unit: above.code }),
        }))}
      />
      <Heading eyebrow={words.title} text={locale.nameOf(unit)} />
      {failure && <Notice tone="danger">{words.stale}</Notice>}
      <ContestSelect locale={locale} election={election} unit={unit} place={place} />
      <p class="board-sentence">
        <Emphasis text={words.sentence(counts.received, counts.stations, counts.due)} />
        {behind > 0 && ` ${words.behind(behind)}`}
      </p>
      <StateTiles election={election} place={place} counts={counts} />
      <Areas election={election} place={place} unit={unit} board={answer} />
      <MinutesList key={place.state} election={election} unit={unit} place={place} />
      <div class="board-pair">
        <Arrivals election={election} unit={unit.code} contest={place.contest ?? only} />
        <Rules election={election} unit={unit.code} contest={place.contest} />
      </div>
      <div class="board-pair">
        <Attempts election={election} unit={unit.code} />
        <System election={election} />
      </div>
      <p class="section-note">{words.asOf(position)}</p>
    </>
  );
}

function ContestSelect({ locale, election, unit, place }: Omit<ContentProps, 'board'>) {
  const words = deskWords(locale).board;
  if (unit.contests.length < 2) return null;
  const choose = (contest: string): void =>
    navigate(links.board(locale.language, election, { ...place, contest: contest === '' ? undefined : contest }));
  return (
    <label class="board-contest">
      {words.contest}{' '}
      <select value={place.contest ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{words.allContests}</option>
        {unit.contests.map((contest) => (
          <option key={contest.id} value={contest.id}>
            {locale.nameOf(contest)}
          </option>
        ))}
      </select>
    </label>
  );
}
