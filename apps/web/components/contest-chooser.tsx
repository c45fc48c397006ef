import type { ContestSummary, UnitAnswer } from '#wire';
import { links } from '../route.ts';
import { navigate } from '../router.ts';
import { type Locale, useLocale } from '../text/locale.ts';
import { type Tab, Tabs } from './tabs.tsx';

interface ContestChooserProps {
  readonly unit: UnitAnswer;
  readonly current: ContestSummary;
  readonly hrefOf: (contest: string) => string;
}

const TABS_AT_MOST = 5;

/** First the elected body, then, where it has several contests here, which of them. */
export function ContestChooser({ unit: { election, contests, moreContests }, current, hrefOf }: ContestChooserProps) {
  const locale = useLocale();
  const { t } = locale;
  if (contests.length <= 1) return <p class="only-contest">{contestName(locale, current)}</p>;
  const bodies = byBody(contests);
  const own = bodies.get(bodyOf(current)) ?? contests;
  if (bodies.size <= 1 && contests.length <= TABS_AT_MOST)
    return (
      <Tabs
        label={t.contests.title}
        current={current.id}
        tabs={contests.map((contest) => ({
          id: contest.id,
          label: contestName(locale, contest),
          href: hrefOf(contest.id),
        }))}
      />
    );
  const tabs = [...bodies].map(
    ([body, list]): Tab => ({ id: body, label: bodyName(locale, body, list), href: hrefOf(list[0]!.id) }),
  );
  return (
    <div class="contest-chooser">
      {bodies.size > 1 && <Tabs label={t.contests.body} tabs={tabs} current={bodyOf(current)} />}
      {own.length > 1 ? (
        <label class="contest-select">
          <span class="unseen">{t.contests.choose}</span>
          <select value={current.id} onChange={(event) => navigate(hrefOf(event.currentTarget.value))}>
            {own.map((contest) => (
              <option key={contest.id} value={contest.id}>
                {contestName(locale, contest)}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <p class="only-contest">{contestName(locale, current)}</p>
      )}
      {moreContests > 0 && (
        <a class="more-contests" href={links.overview(locale.language, election)}>
          {t.contests.more(locale.count(moreContests))}
        </a>
      )}
    </div>
  );
}

/** The contest's name, with what it is where it is not a first one. */
export function contestName(locale: Locale, contest: ContestSummary): string {
  const kind = locale.t.contests.kinds[contest.kind];
  const name = locale.nameOf(contest);
  return kind ? `${name} (${kind})` : name;
}

function bodyOf(contest: ContestSummary): string {
  return contest.body ?? contest.id;
}

function byBody(contests: readonly ContestSummary[]): Map<string, ContestSummary[]> {
  const bodies = new Map<string, ContestSummary[]>();
  for (const contest of contests) {
    const list = bodies.get(bodyOf(contest));
    if (list) list.push(contest);
    else bodies.set(bodyOf(contest), [contest]);
  }
  return bodies;
}

function bodyName(locale: Locale, body: string, contests: readonly ContestSummary[]): string {
  const known = locale.t.contests.bodies[body];
  if (known) return known;
  return contests.length === 1 ? locale.nameOf(contests[0]!) : body;
}
