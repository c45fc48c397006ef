import type { ContestSummary, RevisionAnswer, SheetAnswer } from '#wire';
import { shareHundredths } from '../figures/share.ts';
import { type Locale, useLocale } from '../text/locale.ts';
import { formLines } from './form-figures.tsx';

interface SheetFiguresProps {
  readonly sheet: SheetAnswer;
  readonly contest: ContestSummary;
}

interface Version {
  readonly title: string;
  readonly note: string;
  readonly figures: RevisionAnswer;
}

interface Line {
  readonly key: string;
  readonly letter: string;
  readonly name: string;
  readonly values: readonly (number | string | undefined)[];
}

/** The sheet's figures beside the letters of the paper: what counts, and what is newest where that is another revision. */
export function SheetFigures({ sheet, contest }: SheetFiguresProps) {
  const locale = useLocale();
  const { t } = locale;
  const versions = versionsOf(locale, sheet);
  if (versions.length === 0) return null;
  const fields = formLines(locale, contest).map(
    ({ id, name }): Line => ({
      key: `field.${id}`,
      letter: id,
      name,
      values: versions.map(({ figures }) => figures.fields[id]),
    }),
  );
  const votes = contest.candidates.map(
    (candidate): Line => ({
      key: `votes.${candidate.number}`,
      letter: candidate.number,
      name: locale.nameOf(candidate),
      values: versions.map(({ figures }) => figures.votes[candidate.number]),
    }),
  );
  return (
    <section class="sheet-figures" aria-labelledby="sheet-figures">
      <h2 id="sheet-figures">{t.sheet.figures}</h2>
      <table class="table figures-table">
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">{t.figures.letter}</span>
            </th>
            <th scope="col">
              <span class="unseen">{t.figures.name}</span>
            </th>
            {versions.map(({ title, note }) => (
              <th key={title} scope="col" class="cell-number">
                {title}
                <span class="head-note">{note}</span>
              </th>
            ))}
            <th scope="col" class="cell-number">
              {versions.length > 1 ? t.sheet.difference : t.candidates.share}
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.filter(isStated).map((line) => (
            <FigureRow key={line.key} line={line} isCompared={versions.length > 1} />
          ))}
        </tbody>
        <tbody class="votes">
          <tr class="group">
            <th scope="rowgroup" colSpan={versions.length + 3}>
              {t.sheet.votes}
            </th>
          </tr>
          {votes.map((line) => (
            <FigureRow key={line.key} line={line} isCompared={versions.length > 1} valid={validOf(contest, versions)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function isStated({ values }: Line): boolean {
  return values.some((value) => value !== undefined);
}

/** What counts first, then what differs from it. */
function versionsOf({ t }: Locale, { standing, newest, second, status }: SheetAnswer): Version[] {
  const versions: Version[] = [];
  const add = (title: string, figures: RevisionAnswer): void => {
    versions.push({ title, note: t.sheet.revision(figures.revision), figures });
  };
  if (standing) add(t.sheet.counts, standing);
  if (newest && newest.revision !== standing?.revision) {
    const title = status === 'disputed' ? t.sheet.firstEntry : standing ? t.sheet.newest : t.sheet.statusShort[status];
    add(title, newest);
  }
  if (second) add(t.sheet.secondEntry, second);
  return versions;
}

/** Valid ballots where one version is shown alone: shares of two versions would crowd the difference out. */
function validOf({ fields }: ContestSummary, versions: readonly Version[]): number | undefined {
  const id = fields.find(({ role }) => role === 'valid')?.id;
  const value = versions.length === 1 && id !== undefined ? versions[0]?.figures.fields[id] : undefined;
  return typeof value === 'number' ? value : undefined;
}

function FigureRow({ line, isCompared, valid }: { line: Line; isCompared: boolean; valid?: number }) {
  const { t, count, difference, percent } = useLocale();
  const { letter, name, values } = line;
  const first = values.at(-2);
  const last = values.at(-1);
  const differs = isCompared && first !== last;
  const print = (value: number | string | undefined): string =>
    typeof value === 'number' ? count(value) : (value ?? t.none);
  const only = values[0];
  return (
    <tr class={differs ? 'differs' : undefined}>
      <td class="letter">{letter}</td>
      <th scope="row">{name}</th>
      {values.map((value, place) => (
        <td key={place} class="cell-number">
          {print(value)}
        </td>
      ))}
      <td class="cell-number">
        {valid !== undefined && typeof only === 'number' && percent(shareHundredths(only, valid))}
        {differs &&
          (typeof first === 'number' && typeof last === 'number' ? difference(last - first) : t.sheet.differs)}
      </td>
    </tr>
  );
}
