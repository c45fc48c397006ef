import type { EarlierContribution, LineageAnswer, LineageSheet } from '#wire';
import { figureAt } from '../figures/lineage.ts';
import { links } from '../route.ts';
import { auditWords } from '../text/audit.ts';
import { type Locale, useLocale } from '../text/locale.ts';
import type { ContestFacts } from './contest-page.tsx';
import { SumTable } from './sum-table.tsx';
import { Tag } from './tag.tsx';

interface SheetSumsProps {
  readonly facts: ContestFacts;
  readonly figure: string;
  readonly fieldKey: string;
  readonly lineage: LineageAnswer;
  /** The same figure's present lineage, where the one shown is of the past. */
  readonly present: LineageAnswer | undefined;
}

/** The sheets that make up a figure, each with the attempt that brought it, and what it counted with before. */
export function SheetSums({ facts, figure, fieldKey, lineage, present }: SheetSumsProps) {
  const locale = useLocale();
  const words = auditWords(locale).lineage;
  const { unit, election, contest } = facts;
  const names = new Map(unit.children.map((child) => [child.code, locale.nameOf(child)]));
  const later = present && new Map(present.sheets.map((sheet) => [sheet.station, sheet]));
  const total = lineage.total && figureAt(lineage.total, fieldKey);
  if (lineage.sheets.length === 0 || total == null) return <p class="section-foot">{words.nothing}</p>;
  return (
    <>
      <p class="sum-lead">{words.made.sheets(lineage.sheets.length)}</p>
      <SumTable
        caption={words.tableOf(figure)}
        heads={[words.station, words.revision, words.event]}
        total={total}
        rows={lineage.sheets.map((sheet) => ({
          key: sheet.station,
          name: (
            <>
              <a href={links.sheet(locale.language, election.id, sheet.station, contest.id)}>
                {names.get(sheet.station) ?? sheet.station}
              </a>
              {names.has(sheet.station) && <span class="unit-code">{sheet.station}</span>}
            </>
          ),
          facts: [
            <>
              {locale.count(sheet.revision)}
              {sheet.status === 'held' && lineage.track !== 'all' && (
                <span class="unit-code" title={words.heldMeanwhile}>
                  {locale.t.sheet.statusShort.held}
                </span>
              )}
            </>,
            <code>{sheet.position}</code>,
          ],
          value: figureAt(sheet, fieldKey),
          note: (
            <>
              {sheet.earlier && <Earlier earlier={sheet.earlier} value={figureAt(sheet, fieldKey)} locale={locale} />}
              {later && <Later then={sheet} now={later.get(sheet.station)} fieldKey={fieldKey} locale={locale} />}
            </>
          ),
        }))}
      />
    </>
  );
}

interface EarlierProps {
  readonly earlier: readonly EarlierContribution[];
  readonly value: number | undefined;
  readonly locale: Locale;
}

/** What the sheet counted with before, up to what it counts with. */
function Earlier({ earlier, value, locale }: EarlierProps) {
  const words = auditWords(locale).lineage;
  const values = [...earlier.map((step) => step.value), value ?? null];
  const printed = values.map((one) => (one === null ? locale.t.none : locale.count(one)));
  return (
    <span class="sum-note">
      {words.corrected}: {printed.join(' → ')}
    </span>
  );
}

interface LaterProps {
  readonly then: LineageSheet;
  readonly now: LineageSheet | undefined;
  readonly fieldKey: string;
  readonly locale: Locale;
}

/** What the sheet counts with at present, where that is another revision. */
function Later({ then, now, fieldKey, locale }: LaterProps) {
  const words = auditWords(locale).lineage;
  if (now?.position === then.position) return null;
  const value = now && figureAt(now, fieldKey);
  return (
    <span class="sum-note">
      <Tag tone="attention">{words.changedSince}</Tag> → {value === undefined ? words.goneSince : locale.count(value)}
    </span>
  );
}
