/** Replay for managers: everything counted anew beside the live figures, what differs, and putting the new ones in place. */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ElectionAnswer, ReplayStateAnswer } from '#wire';
import { AccountNotice } from '../components/account-notice.tsx';
import { Failure } from '../components/failure.tsx';
import { Heading } from '../components/heading.tsx';
import { ReplayProgressBar } from '../components/replay-progress.tsx';
import { ReplayFindings } from '../components/replay-report.tsx';
import { Shell } from '../components/shell.tsx';
import { addresses } from '../live/addresses.ts';
import { RequestFailed, sendJson } from '../live/http.ts';
import { usePolled } from '../live/polled.ts';
import { contentShown } from '../router.ts';
import { deskWords } from '../text/desk.ts';
import { LocaleContext, makeLocale, type UiLanguage, useLocale } from '../text/locale.ts';

const EVERY_MS = 1_000;
const SELDOM_MS = 300_000;
const UNDER_WAY: readonly string[] = ['rebuilding', 'comparing'];

export function ReplayPage({ language, election: id }: { readonly language: UiLanguage; readonly election: string }) {
  const { answer: election, failure } = usePolled<ElectionAnswer>(addresses.election(id), SELDOM_MS);
  const polled = usePolled<ReplayStateAnswer>(addresses.replay(id), EVERY_MS);
  const timezone = election?.timezone;
  const locale = useMemo(() => makeLocale(language, timezone), [language, timezone]);
  const words = deskWords(locale).replay;
  const why = polled.failure ?? failure;
  const isReady = polled.answer !== undefined;
  useLayoutEffect(() => {
    if (isReady) contentShown();
  }, [isReady]);
  return (
    <LocaleContext.Provider value={locale}>
      <Shell title={words.title} election={election}>
        <Heading text={words.title} />
        <p class="lead">{words.lead}</p>
        {why && <AccountNotice words={words} failure={why} />}
        {polled.answer ? (
          <Replay election={id} polled={polled.answer} />
        ) : (
          !why && <p class="loading">{locale.t.loading}</p>
        )}
      </Shell>
    </LocaleContext.Provider>
  );
}

type Act = 'start' | 'rebuilt' | 'former' | 'discard';

function Replay({ election, polled }: { election: string; polled: ReplayStateAnswer }) {
  const { moment, minute } = useLocale();
  const words = deskWords(useLocale()).replay;
  // What an act was answered is newer than what was asked for before it.
  const [answered, setAnswered] = useState<{ readonly answer: ReplayStateAnswer; readonly over: ReplayStateAnswer }>();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<RequestFailed>();
  const state = answered?.over === polled ? answered.answer : polled;
  const { stage, report, keptUntil, problem, startedAt } = state;
  const act = async (what: Act): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      setAnswered({ answer: await doIt(election, what), over: polled });
    } catch (error) {
      setFailure(error instanceof RequestFailed ? error : new RequestFailed(0));
    }
    setBusy(false);
  };
  const isUnderWay = UNDER_WAY.includes(stage);
  return (
    <section class="replay">
      <p role="status">
        {words.stages[stage]}
        {problem && ` ${words.problems[problem]}`}
      </p>
      {startedAt && <p class="section-note">{words.startedAt(moment(startedAt))}</p>}
      {isUnderWay && <ReplayProgressBar state={state} />}
      {report && !isUnderWay && <ReplayFindings election={election} report={report} />}
      {keptUntil && <p class="section-note">{words.keptUntil(minute(keptUntil))}</p>}
      {failure && <Failure failure={failure} />}
      <div class="filter-acts">
        {stage === 'compared' && <Confirmed act="rebuilt" isBusy={isBusy} onConfirm={act} />}
        {stage === 'switched' && <Confirmed act="former" isBusy={isBusy} onConfirm={act} />}
        {!isUnderWay && (
          <button type="button" class="button" disabled={isBusy} onClick={() => void act('start')}>
            {report ? words.startAgain : words.start}
          </button>
        )}
        {(isUnderWay || keptUntil) && (
          <button type="button" class="link" disabled={isBusy} onClick={() => void act('discard')}>
            {isUnderWay ? words.end : words.drop}
          </button>
        )}
      </div>
    </section>
  );
}

interface ConfirmedProps {
  readonly act: 'rebuilt' | 'former';
  readonly isBusy: boolean;
  readonly onConfirm: (act: Act) => Promise<void>;
}

/** A button whose question must be answered first. The browser keeps the focus in the dialog, and gives it back. */
function Confirmed({ act, isBusy, onConfirm }: ConfirmedProps) {
  const words = deskWords(useLocale()).replay.switches[act];
  const { cancel } = deskWords(useLocale()).replay;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = `confirm-${act}`;
  return (
    <>
      <button type="button" class="button" disabled={isBusy} onClick={() => dialog.current?.showModal()}>
        {words.button}
      </button>
      <dialog ref={dialog} class="confirm" aria-labelledby={id}>
        <h2 id={id}>{words.title}</h2>
        <p>{words.text}</p>
        <form method="dialog" class="filter-acts" onSubmit={() => void onConfirm(act)}>
          <button type="submit" class="button">
            {words.confirm}
          </button>
          <button type="button" class="link" onClick={() => dialog.current?.close()}>
            {cancel}
          </button>
        </form>
      </dialog>
    </>
  );
}

async function doIt(election: string, act: Act): Promise<ReplayStateAnswer> {
  const address = addresses.replay(election);
  const isSwitch = act === 'rebuilt' || act === 'former';
  const answer = isSwitch
    ? await sendJson('POST', `${address}/switch`, { to: act })
    : await sendJson('POST', `${address}/${act}`);
  return answer as ReplayStateAnswer;
}
