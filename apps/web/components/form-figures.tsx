import type { FormField } from '#domain';
import type { ContestSummary, SpelledTotals } from '#wire';
import { complementHundredths, shareHundredths } from '../figures/share.ts';
import { type Locale, useLocale } from '../text/locale.ts';
import { Figure } from './figure.tsx';

/** A field as sheets and totals spell it: repeated fields are one line for each number. */
export interface FormLine {
  readonly id: string;
  readonly name: string;
  readonly field: FormField;
}

export function formLines(locale: Locale, contest: Pick<ContestSummary, 'fields' | 'seats'>): FormLine[] {
  return contest.fields.flatMap((field): FormLine[] => {
    const name = locale.pick(field.name, field.id);
    if (!field.repeat) return [{ id: field.id, name, field }];
    return Array.from({ length: contest.seats }, (_, i) => ({
      id: `${field.id}.${i + 1}`,
      name: locale.t.figures.repeated(name, i + 1),
      field,
    }));
  });
}

interface FormFiguresProps {
  readonly contest: ContestSummary;
  readonly totals: SpelledTotals;
  /** Where it is told what a figure is made of. */
  readonly figureHref?: (key: string) => string;
}

/** The sums of the form's fields, each beside the letter it has on paper, with the rates the minutes print. */
export function FormFigures({ contest, totals, figureHref }: FormFiguresProps) {
  const locale = useLocale();
  const { t } = locale;
  const lines = formLines(locale, contest).filter(
    ({ id, field }) => field.type !== 'time' && totals.fields[id] !== undefined,
  );
  if (lines.length === 0) return null;
  const rates = ratesOf(locale, contest, totals);
  return (
    <section class="form-figures" aria-labelledby="form-figures">
      <h2 id="form-figures">{t.figures.title}</h2>
      <table class="table figures-table">
        <thead class="unseen">
          <tr>
            <th scope="col">{t.figures.letter}</th>
            <th scope="col">{t.figures.name}</th>
            <th scope="col">{t.figures.value}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ id, name }) => (
            <tr key={id}>
              <td class="letter">{id}</td>
              <th scope="row">
                {name}
                {rates.get(id) && <span class="rate">{rates.get(id)}</span>}
                {totals.present?.[id] !== undefined && (
                  <span class="rate">{t.figures.statedBy(totals.present[id])}</span>
                )}
              </th>
              <td class="cell-number">
                <Figure value={totals.fields[id]!} href={figureHref?.(`field.${id}`)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Turnout, and valid and invalid ballots of those collected; a printed pair adds up to 100 %. Not where sheets may leave a field out. */
function ratesOf({ t, percent }: Locale, { fields }: ContestSummary, totals: SpelledTotals): Map<string, string> {
  const byRole = (role: FormField['role']): { id: string; value: number } | undefined => {
    const field = fields.find((candidate) => candidate.role === role && !candidate.optional && !candidate.repeat);
    const value = field && totals.fields[field.id];
    return field && value !== undefined ? { id: field.id, value } : undefined;
  };
  const rates = new Map<string, string>();
  const registered = byRole('registered');
  const voted = byRole('voted');
  if (registered && voted && registered.value > 0)
    rates.set(voted.id, `${t.figures.turnout}: ${percent(shareHundredths(voted.value, registered.value))}`);
  const collected = byRole('collected');
  const valid = byRole('valid');
  const invalid = byRole('invalid');
  if (collected && valid && collected.value > 0) {
    const share = shareHundredths(valid.value, collected.value);
    rates.set(valid.id, `${percent(share)} ${t.figures.ofCollected}`);
    if (invalid) {
      const addsUp = valid.value + invalid.value === collected.value;
      const rest = addsUp ? complementHundredths(share) : shareHundredths(invalid.value, collected.value);
      rates.set(invalid.id, `${percent(rest)} ${t.figures.ofCollected}`);
    }
  }
  return rates;
}
