import type { RuleCount, RulesAnswer } from '#wire';
import { addresses } from '../../live/addresses.ts';
import { usePolled } from '../../live/polled.ts';
import { deskWords } from '../../text/desk.ts';
import { useLocale } from '../../text/locale.ts';
import { type Column, DataTable } from '../data-table.tsx';
import { Failure } from '../failure.tsx';
import { Tag, type Tone } from '../tag.tsx';

const EVERY_MS = 30_000;
const TONES: Record<RuleCount['severity'], Tone> = { error: 'danger', warning: 'attention', info: 'neutral' };

/** On how many sheets each rule found something. */
export function Rules({ election, unit, contest }: { election: string; unit: string; contest: string | undefined }) {
  const { count } = useLocale();
  const words = deskWords(useLocale()).board;
  const { answer, failure } = usePolled<RulesAnswer>(addresses.ruleCounts(election, unit, { contest }), EVERY_MS);
  const columns: Column<RuleCount>[] = [
    { id: 'rule', label: words.rule, isHead: true, cell: ({ rule }) => <code>{rule}</code> },
    {
      id: 'severity',
      label: words.severity,
      cell: ({ severity }) => <Tag tone={TONES[severity]}>{words.severities[severity]}</Tag>,
    },
    {
      id: 'sheets',
      label: words.sheets,
      kind: 'number',
      cell: (row) => count(row.sheets),
      sortBy: (row) => row.sheets,
    },
    { id: 'held', label: words.ofThemHeld, kind: 'number', cell: (row) => count(row.held), sortBy: (row) => row.held },
  ];
  return (
    <div class="board-rules">
      <h2 id="rules">{words.rules}</h2>
      {failure && !answer && <Failure failure={failure} />}
      {answer?.rules.length === 0 && <p>{words.noRules}</p>}
      {answer && answer.rules.length > 0 && (
        <DataTable
          caption={words.rules}
          columns={columns}
          rows={answer.rules}
          keyOf={({ rule, severity }) => `${severity} ${rule}`}
          isWide
        />
      )}
    </div>
  );
}
