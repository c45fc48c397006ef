import type { ReplayCause, ReplayReport } from '#wire';
import { links } from '../route.ts';
import { deskWords } from '../text/desk.ts';
import { type Locale, useLocale } from '../text/locale.ts';
import { type Column, DataTable } from './data-table.tsx';
import { Tag } from './tag.tsx';

/** What a replay has found: how much was compared, both fingerprints, and each figure that differs. */
export function ReplayFindings({ election, report }: { election: string; report: ReplayReport }) {
  const locale = useLocale();
  const words = deskWords(locale).replay;
  const { compared, attempts, different, live, rebuilt, position, differences } = report;
  const isSame = live === rebuilt;
  return (
    <>
      <h2>{words.found}</h2>
      <p>
        <Tag tone={different === 0 ? 'good' : 'danger'}>{words.different(different)}</Tag>{' '}
        {words.compared(compared, attempts, position)}
      </p>
      <dl class="fingerprints">
        {(['live', 'rebuilt'] as const).map((which) => (
          <div key={which}>
            <dt>{words.fingerprint[which]}</dt>
            <dd class="code">{report[which]}</dd>
          </div>
        ))}
      </dl>
      <p>{isSame ? words.sameFingerprint : words.otherFingerprint}</p>
      {differences.length > 0 && (
        <DataTable
          caption={words.table}
          columns={columnsOf(locale, election)}
          rows={differences.flatMap(rowsOf)}
          keyOf={(row) => row.id}
          className="difference-table"
          isWide
        />
      )}
      {different > differences.length && <p class="section-note">{words.firstOnly(differences.length)}</p>}
    </>
  );
}

type Difference = ReplayReport['differences'][number];
interface Row {
  readonly id: string;
  readonly difference: Difference;
  /** undefined: no figure differs, only what is kept beside them. */
  readonly figure: Difference['figures'][number] | undefined;
}

function rowsOf(difference: Difference): Row[] {
  const { node, figures } = difference;
  if (figures.length === 0) return [{ id: node, difference, figure: undefined }];
  return figures.map((figure) => ({ id: `${node} ${figure.track} ${figure.key}`, difference, figure }));
}

function columnsOf(locale: Locale, election: string): Column<Row>[] {
  const { language, t, count } = locale;
  const words = deskWords(locale).replay;
  const print = (value: number | string | null | undefined): string =>
    value == null ? t.none : typeof value === 'number' ? count(value) : value.slice(0, 80);
  return [
    {
      id: 'place',
      label: words.place,
      isHead: true,
      cell: ({ difference: { node, unit, contest } }) =>
        unit !== null && contest !== null && !node.startsWith('attempt') ? (
          <a href={links.unit(language, election, unit, contest)}>{node}</a>
        ) : (
          node
        ),
    },
    { id: 'track', label: words.track, cell: ({ figure }) => (figure?.track ? t.tracks[figure.track] : '') },
    { id: 'key', label: words.figure, cell: ({ figure }) => figure?.key ?? words.beside },
    { id: 'live', label: words.live, kind: 'number', cell: ({ figure }) => print(figure?.live) },
    { id: 'rebuilt', label: words.rebuilt, kind: 'number', cell: ({ figure }) => print(figure?.rebuilt) },
    { id: 'cause', label: words.cause, cell: ({ difference: { cause } }) => causeText(locale, cause) },
  ];
}

function causeText(locale: Locale, cause: ReplayCause): string {
  const { causes } = deskWords(locale).replay;
  return cause.kind === 'store' ? causes.store : causes[cause.kind](cause.at);
}
