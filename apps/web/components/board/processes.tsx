import type { ProcessState } from '#wire';
import { deskWords } from '../../text/desk.ts';
import { useLocale } from '../../text/locale.ts';
import { type Column, DataTable } from '../data-table.tsx';
import { Tag } from '../tag.tsx';

/** Each process with its role, since when it runs, when it was last heard of, and what it holds. */
export function Processes({ processes }: { processes: readonly ProcessState[] }) {
  const locale = useLocale();
  const words = deskWords(locale).board;
  const columns: Column<ProcessState>[] = [
    { id: 'process', label: words.process, isHead: true, cell: ({ id }) => id, sortBy: ({ id }) => id },
    { id: 'role', label: words.role, cell: ({ role }) => words.roles[role], sortBy: ({ role }) => words.roles[role] },
    {
      id: 'heard',
      label: words.heard,
      cell: ({ heardAt, isHeardOf }) => (
        <>
          {locale.clock(heardAt)}
          {!isHeardOf && (
            <>
              {' '}
              <Tag tone="danger">{words.silent}</Tag>
            </>
          )}
        </>
      ),
      sortBy: ({ heardAt }) => heardAt,
    },
    { id: 'shards', label: words.shards, cell: ({ shards }) => (shards.length > 0 ? shards.join(', ') : '–') },
    {
      id: 'clients',
      label: words.clients,
      kind: 'number',
      cell: ({ clients }) => (clients === null ? '–' : locale.count(clients)),
      sortBy: ({ clients }) => clients ?? -1,
    },
    {
      id: 'since',
      label: words.since,
      cell: ({ startedAt }) => locale.moment(startedAt),
      sortBy: (one) => one.startedAt,
    },
  ];
  return <DataTable caption={words.processes} columns={columns} rows={processes} keyOf={({ id }) => id} isWide />;
}
