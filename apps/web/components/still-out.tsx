/** What no figures count of yet, where it is, and what of it could still change who takes a place. */
import type { Progress } from '#domain';
import type { ContestSummary, ElectionAnswer, UnitAnswer } from '#wire';
import { type Outlook, outlook, type StillOut, stillOut } from '../figures/outlook.ts';
import { shareHundredths } from '../figures/share.ts';
import type { LiveNode, Part } from '../live/part.ts';
import { links } from '../route.ts';
import { useLocale } from '../text/locale.ts';
import { Emphasis } from './emphasis.tsx';

interface StillOutProps {
  readonly election: ElectionAnswer;
  readonly unit: UnitAnswer;
  readonly contest: ContestSummary;
  readonly node: LiveNode & { readonly progress: Progress };
  readonly part: Part | null;
  /** Places are spoken of by provisional figures alone. */
  readonly isProvisional: boolean;
}

const KINDS = ['missing', 'held', 'returned', 'disputed', 'awaiting', 'sealed'] as const;

export function StillOutSection(props: StillOutProps) {
  const { pages } = useLocale();
  const { contest, node, isProvisional } = props;
  const { progress } = node;
  const words = pages.stillOut;
  const out = stillOut(progress);
  return (
    <section class="still-out" aria-labelledby="still-out">
      <h2 id="still-out">{words.title}</h2>
      <p class="still-out-sentence">
        <Emphasis text={sentenceOf(words, out, progress, contest)} />
      </p>
      <Kinds {...props} out={out} />
      <Where {...props} />
      {isProvisional && node.published && contest.certified.state !== 'certified' && <WhatCanChange {...props} />}
    </section>
  );
}

function sentenceOf(
  words: ReturnType<typeof useLocale>['pages']['stillOut'],
  { stations, voters }: StillOut,
  progress: Progress,
  { registeredKnown }: ContestSummary,
): string {
  if (stations === 0) return words.none;
  return registeredKnown
    ? words.voters(voters, stations, progress.stations)
    : words.stations(stations, progress.stations);
}

/** In which states they are, and what becomes of each. */
function Kinds({ unit, part, node: { progress }, out }: StillOutProps & { out: StillOut }) {
  const { pages } = useLocale();
  const words = pages.stillOut;
  const countOf = (kind: (typeof KINDS)[number]): number => (kind === 'missing' ? out.missing : progress[kind]);
  const voters = votersByKind(unit, part);
  return (
    <ul class="still-out-kinds">
      {KINDS.filter((kind) => countOf(kind) > 0).map((kind) => {
        const text = words.kinds[kind](countOf(kind));
        const known = voters?.get(kind);
        return <li key={kind}>{known ? words.withVoters(text, known) : text}</li>;
      })}
      {out.corrections > 0 && <li>{words.corrections(out.corrections)}</li>}
    </ul>
  );
}

/** Registered voters by state; known where the units below are the polling areas themselves. */
function votersByKind({ children }: UnitAnswer, part: Part | null): Map<string, number> | undefined {
  if (!part || children.length === 0 || !children.every(({ isStation }) => isStation)) return undefined;
  const sums = new Map<string, number>();
  for (const { progress } of part.nodes.values())
    for (const kind of KINDS) {
      const isIn = progress && (kind === 'missing' ? progress.received === 0 : progress[kind] > 0);
      if (isIn) sums.set(kind, (sums.get(kind) ?? 0) + progress.registered);
    }
  return sums;
}

const NAMED_AT_MOST = 8;

/** The units below that something is missing from, those with most voters first. */
function Where({ election, unit, contest, part }: StillOutProps) {
  const { pages, language, nameOf } = useLocale();
  const words = pages.stillOut;
  const all = unit.children.flatMap((child) => {
    const progress = part?.nodes.get(child.code)?.progress;
    return progress && progress.counted < progress.stations ? [{ child, ...stillOut(progress), progress }] : [];
  });
  if (all.length === 0) return null;
  const named = [...all].sort((a, b) => b.voters - a.voters).slice(0, NAMED_AT_MOST);
  return (
    <>
      <h3>{words.where}</h3>
      <ul class="still-out-where">
        {named.map(({ child, stations, voters, progress }) => (
          <li key={child.code}>
            <a
              href={
                child.isStation
                  ? links.sheet(language, election.id, child.code, contest.id)
                  : links.unit(language, election.id, child.code, contest.id)
              }
            >
              {nameOf(child)}
            </a>{' '}
            <span class="unit-code">
              {child.isStation
                ? progress.registered > 0 && words.votersOf(voters)
                : words.whereOf(stations, contest.registeredKnown ? voters : undefined)}
            </span>
          </li>
        ))}
      </ul>
      {all.length > named.length && <p class="section-foot">{words.whereMore(all.length - named.length)}</p>}
    </>
  );
}

/** Places that arithmetic settles, and what the next candidate would need; or in words why neither is said. */
function WhatCanChange({ election, unit, contest, node }: StillOutProps) {
  const { pages, language } = useLocale();
  const words = pages.stillOut;
  const said = outlook({
    contest,
    contests: unit.contests,
    totals: node.totals,
    progress: node.progress,
    leaderThreshold: election.leaderThreshold,
  });
  if (said === 'part-of-contest') {
    const [whole, ...others] = contest.area;
    const href =
      whole && others.length === 0 && whole !== unit.code && links.unit(language, election.id, whole, contest.id);
    return (
      <p class="section-foot">
        {words.silence[said](contest.stations)} {href && <a href={href}>{words.wholeContest}</a>}
      </p>
    );
  }
  if (said === 'registered-unknown' || said === 'rerun' || said === 'corrections')
    return <p class="section-foot">{words.silence[said]}</p>;
  if (typeof said === 'string') return null;
  return (
    <>
      <Safe said={said} contest={contest} />
      <HurdleLine said={said} contest={contest} />
    </>
  );
}

function Safe({ said: { safe, voters, stations }, contest }: { said: Outlook; contest: ContestSummary }) {
  const { pages, t } = useLocale();
  const words = pages.stillOut;
  const nameOf = useNames(contest);
  if (safe.length === 0) return null;
  const names = safe.map(nameOf).join(t.listSeparator);
  return (
    <div class="still-out-safe">
      <h3>{words.safeTitle}</h3>
      <p>
        <Emphasis
          text={stations > 0 ? words.safe(names, voters, stations, safe.length) : words.safeDone(names, safe.length)}
        />{' '}
        {stations > 0 && contest.decision === 'majority-of-valid-ballots' && words.safeHalf}
      </p>
      <p class="section-foot">{words.assumes}</p>
    </div>
  );
}

function HurdleLine({ said: { hurdle, voters }, contest }: { said: Outlook; contest: ContestSummary }) {
  const { pages, percent } = useLocale();
  const words = pages.stillOut;
  const nameOf = useNames(contest);
  if (!hurdle || voters === 0) return null;
  const [next, last] = [nameOf(hurdle.next), nameOf(hurdle.last)];
  const { needed } = hurdle;
  const sentence = contest.seats === 1 ? words.hurdleOne : words.hurdle;
  return (
    <>
      <h3>{words.hurdleTitle}</h3>
      <p>
        {hurdle.isReachable ? (
          <Emphasis text={sentence(next, last, needed, voters, percent(shareHundredths(needed, voters)))} />
        ) : (
          words.hurdleGone(next, last)
        )}
      </p>
    </>
  );
}

function useNames(contest: ContestSummary): (number: string) => string {
  const { nameOf } = useLocale();
  return (number) => {
    const candidate = contest.candidates.find((one) => one.number === number);
    return candidate ? nameOf(candidate) : number;
  };
}
