import type { OperationAnswer } from '#wire';
import { addresses } from '../../live/addresses.ts';
import { usePolled } from '../../live/polled.ts';
import { deskWords } from '../../text/desk.ts';
import { useLocale } from '../../text/locale.ts';
import { type Column, DataTable } from '../data-table.tsx';
import { Notice } from '../notice.tsx';
import { Processes } from './processes.tsx';

type Shard = OperationAnswer['shards'][number];
const EVERY_MS = 5_000;

/** How much comes in, and how far the figures are behind the log. */
export function System({ election }: { election: string }) {
  const { count } = useLocale();
  const words = deskWords(useLocale()).board;
  const { answer, failure } = usePolled<OperationAnswer>(addresses.operation(election), EVERY_MS);
  const column = (id: string, label: string, value: (shard: Shard) => number): Column<Shard> => ({
    id,
    label,
    kind: 'number',
    cell: (shard) => count(value(shard)),
    sortBy: value,
  });
  const columns: Column<Shard>[] = [
    { id: 'shard', label: words.shard, isHead: true, cell: ({ shard }) => String(shard) },
    column('folded', words.folded, ({ folded }) => folded),
    column('end', words.end, ({ end }) => end),
    column('behind', words.behindEvents, ({ folded, end }) => end - folded),
    column('minute', words.lastMinute, ({ eventsLastMinute }) => eventsLastMinute),
  ];
  return (
    <div class="board-system">
      <h2 id="system">{words.system}</h2>
      {failure && <Notice tone="danger">{words.stale}</Notice>}
      {answer && (
        <>
          <p>{words.lag(answer.lag.events, (answer.lag.ms / 1_000).toFixed(1))}</p>
          <p>{words.rate(answer.eventsLastMinute, answer.eventsLastTenMinutes)}</p>
          <DataTable
            caption={words.system}
            columns={columns}
            rows={answer.shards}
            keyOf={({ shard }) => String(shard)}
            isWide
          />
          <p>{words.processesNote(answer.processes.length, answer.processes.filter((one) => !one.isHeardOf).length)}</p>
          <Processes processes={answer.processes} />
        </>
      )}
    </div>
  );
}
