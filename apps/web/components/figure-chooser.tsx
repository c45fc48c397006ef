import type { ContestSummary } from '#wire';
import { navigate } from '../router.ts';
import { auditWords } from '../text/audit.ts';
import { type Locale, useLocale } from '../text/locale.ts';
import { formLines } from './form-figures.tsx';

interface FigureChooserProps {
  readonly contest: ContestSummary;
  readonly current: string;
  readonly hrefOf: (key: string) => string;
}

/** Every figure of a contest: the candidates' votes, and the fields of the form. */
export function FigureChooser({ contest, current, hrefOf }: FigureChooserProps) {
  const locale = useLocale();
  const words = auditWords(locale).lineage;
  const fields = formLines(locale, contest).filter(({ field }) => field.type !== 'time');
  return (
    <label class="contest-select">
      <span class="select-label">{words.figure}</span>
      <select value={current} onChange={(event) => navigate(hrefOf(event.currentTarget.value))}>
        <optgroup label={words.groupVotes}>
          {contest.candidates.map((candidate) => (
            <option key={candidate.number} value={`votes.${candidate.number}`}>
              {candidate.number}. {locale.nameOf(candidate)}
            </option>
          ))}
        </optgroup>
        <optgroup label={words.groupFields}>
          {fields.map(({ id, name }) => (
            <option key={id} value={`field.${id}`}>
              {id}. {name}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}

/** What a figure is called. */
export function figureName(locale: Locale, contest: ContestSummary, key: string): string {
  const name = key.slice(key.indexOf('.') + 1);
  const candidate = key.startsWith('votes.') && contest.candidates.find(({ number }) => number === name);
  if (candidate) return auditWords(locale).lineage.votesOf(locale.nameOf(candidate));
  return formLines(locale, contest).find(({ id }) => id === name)?.name ?? name;
}
