import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ElectionsAnswer } from '#wire';
import { Failure } from '../components/failure.tsx';
import { Heading } from '../components/heading.tsx';
import { Shell } from '../components/shell.tsx';
import { Tag } from '../components/tag.tsx';
import { addresses } from '../live/addresses.ts';
import { getJson, lastAnswer, RequestFailed } from '../live/http.ts';
import { links } from '../route.ts';
import { navigate } from '../router.ts';
import { isUiLanguage } from '../text/languages.ts';
import { LocaleContext, makeLocale, type UiLanguage } from '../text/locale.ts';

type Elections = ElectionsAnswer['elections'];
const RETRY_MS = 10_000;

function useElections(): { elections: Elections | undefined; failure: RequestFailed | undefined } {
  const [elections, setElections] = useState(lastAnswer<ElectionsAnswer>(addresses.elections)?.elections);
  const [failure, setFailure] = useState<RequestFailed>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const load = (): void => {
      getJson<ElectionsAnswer>(addresses.elections).then(
        (answer) => {
          setFailure(undefined);
          setElections(answer.elections);
        },
        (error: unknown) => {
          setFailure(error instanceof RequestFailed ? error : new RequestFailed(0));
          timer = setTimeout(load, RETRY_MS);
        },
      );
    };
    load();
    return () => clearTimeout(timer);
  }, []);
  return { elections, failure };
}

/** `/`: the reader's language, and the only election or the list of them. */
export function StartPage() {
  const language = readersLanguage();
  const { elections, failure } = useElections();
  useEffect(() => {
    if (!elections) return;
    const only = elections.length === 1 ? elections[0] : undefined;
    navigate(only ? links.overview(language, only.id) : links.elections(language), { replace: true });
  }, [elections, language]);
  return <ElectionList language={language} elections={undefined} failure={failure} />;
}

function readersLanguage(): UiLanguage {
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isUiLanguage) ?? 'vi';
}

export function ElectionsPage({ language }: { language: UiLanguage }) {
  const { elections, failure } = useElections();
  return <ElectionList language={language} elections={elections} failure={failure} />;
}

interface ElectionListProps {
  readonly language: UiLanguage;
  readonly elections: Elections | undefined;
  readonly failure: RequestFailed | undefined;
}

function ElectionList({ language, elections, failure }: ElectionListProps) {
  const locale = useMemo(() => makeLocale(language, undefined), [language]);
  const { t, pick, day } = locale;
  return (
    <LocaleContext.Provider value={locale}>
      <Shell title={`${t.brandLine} – Tally`}>
        <Heading text={t.home.title} />
        {failure && <Failure failure={failure} />}
        {!elections && !failure && <p class="loading">{t.loading}</p>}
        {elections?.length === 0 && <p class="lead">{t.home.empty}</p>}
        <ul class="election-list">
          {elections?.map(({ id, name, date, rehearsal }) => (
            <li key={id}>
              <a href={links.overview(language, id)}>{pick(name, id)}</a>
              {rehearsal && <Tag tone="attention">{t.rehearsal}</Tag>}
              <span class="election-day">{t.home.pollingDay(day(date))}</span>
            </li>
          ))}
        </ul>
      </Shell>
    </LocaleContext.Provider>
  );
}
