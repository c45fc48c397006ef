import type { ContestSummary, ElectionAnswer, SheetAnswer, UnitAnswer } from '#wire';
import { links } from '../route.ts';
import { auditWords } from '../text/audit.ts';
import { useLocale } from '../text/locale.ts';

interface ContributesToProps {
  readonly election: ElectionAnswer;
  readonly unit: UnitAnswer;
  readonly contest: ContestSummary;
  readonly sheet: SheetAnswer;
}

/** The units whose totals the sheet is part of, from the nearest up to the root. */
export function ContributesTo({ election, unit, contest, sheet }: ContributesToProps) {
  const locale = useLocale();
  const { language } = locale;
  const words = auditWords(locale).up;
  const { standing } = sheet;
  return (
    <section class="contributes-to" aria-labelledby="contributes-to">
      <h2 id="contributes-to">{words.title}</h2>
      <p class="section-note">{standing ? (standing.verified ? words.verified : words.provisional) : words.none}</p>
      {standing && (
        <ul>
          {[...unit.path].reverse().map((above) => (
            <li key={above.code}>
              <a href={links.unit(language, election.id, above.code, contest.id)}>{locale.nameOf(above)}</a>{' '}
              <a
                class="quiet-link"
                href={links.lineage(language, election.id, above.code, contest.id)}
                aria-label={`${locale.nameOf(above)}: ${words.made}`}
              >
                {words.made}
              </a>
            </li>
          ))}
        </ul>
      )}
      <p class="section-foot">
        <a href={links.evening(language, election.id, unit.code)}>{words.evening}</a>
      </p>
    </section>
  );
}
