import type { Track } from '#domain';
import type { ResultNode } from '#wire';
import { figureAt } from '../figures/lineage.ts';
import { links } from '../route.ts';
import { auditWords } from '../text/audit.ts';
import { useLocale } from '../text/locale.ts';
import type { ContestFacts } from './contest-page.tsx';
import { Notice } from './notice.tsx';
import { type SumRow, SumTable } from './sum-table.tsx';

interface AreaSumsProps {
  readonly facts: ContestFacts;
  readonly figure: string;
  readonly fieldKey: string;
  readonly track: Track;
  readonly at: string | undefined;
  /** Of the unit and of those directly below it, all at one position. */
  readonly nodes: readonly ResultNode[];
}

/** The sums of the areas directly below; each leads one level down, to what it is made of. */
export function AreaSums({ facts, figure, fieldKey, track, at, nodes }: AreaSumsProps) {
  const locale = useLocale();
  const words = auditWords(locale).lineage;
  const { unit, election, contest } = facts;
  const byUnit = new Map(nodes.filter((node) => node.contest === contest.id).map((node) => [node.unit, node]));
  const figureOf = (node: ResultNode | undefined): number | undefined => {
    const totals = node?.tracks[track];
    return totals && figureAt(totals, fieldKey);
  };
  const total = figureOf(byUnit.get(unit.code));
  const below = unit.children.flatMap((child) => {
    const node = byUnit.get(child.code);
    return node ? [{ child, node }] : [];
  });
  if (total === undefined) return <p class="section-foot">{words.nothing}</p>;
  if (below.some(({ node }) => !node.published)) return <Notice>{words.hidden}</Notice>;
  const rows = below.map(
    ({ child, node }): SumRow => ({
      key: child.code,
      name: (
        <>
          <a
            href={
              child.isStation
                ? links.sheet(locale.language, election.id, child.code, contest.id)
                : links.lineage(locale.language, election.id, child.code, contest.id, track, { key: fieldKey, at })
            }
          >
            {locale.nameOf(child)}
          </a>
          <span class="unit-code">{child.code}</span>
        </>
      ),
      facts: [
        node.progress && (
          <span class="fraction">
            {locale.count(track === 'verified' ? node.progress.verified : node.progress.counted)}
            <span class="fraction-whole">/{locale.count(node.progress.stations)}</span>
          </span>
        ),
      ],
      value: figureOf(node),
    }),
  );
  return (
    <>
      <p class="sum-lead">{words.made.areas(rows.length)}</p>
      <SumTable caption={words.tableOf(figure)} heads={[words.area, words.counted]} rows={rows} total={total} />
    </>
  );
}
