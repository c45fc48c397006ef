/** The columns of sheets as CSV: found by name, in any order; what is not known is refused (contracts §2). */
import type { Election, StructureProblem } from '#domain';
import { splitQuoted } from './csv-record.ts';
import { problem } from './sheet-line.ts';

/** The columns an election has beside those every sheet has. */
export interface SheetColumns {
  /** Field ids of all its forms, repeated ones expanded; a time in one form may be a count in another. */
  readonly fields: ReadonlyMap<string, 'count' | 'text' | 'count-or-time'>;
  /** Candidate numbers of all its contests. */
  readonly candidates: ReadonlySet<string>;
}

export interface SheetColumn {
  readonly name: string;
  /** How its cells are read. */
  readonly kind: 'count' | 'count-or-time' | 'text' | 'list';
  readonly group: 'sheet' | 'fields' | 'votes';
  readonly key: string;
  /** JSON Pointer of its value in the sheet. */
  readonly pointer: string;
}

export type Header =
  | { readonly delimiter: string; readonly columns: readonly SheetColumn[] }
  | { readonly problems: readonly StructureProblem[] };

const DELIMITERS = [',', ';', '\t'] as const;
const IDENTIFIER = /^[A-Za-z0-9._-]{1,64}$/;
const SHEET_COLUMNS: ReadonlyMap<string, SheetColumn['kind']> = new Map([
  ['station', 'text'],
  ['contest', 'text'],
  ['id', 'text'],
  ['expectedRevision', 'count'],
  ['at', 'text'],
  ['via', 'text'],
  ['cause', 'text'],
  ['reason', 'text'],
  ['acknowledged', 'list'],
  ['evidence', 'list'],
]);

export function columnsOf(election: Election): SheetColumns {
  const fields = new Map<string, 'count' | 'text' | 'count-or-time'>();
  const candidates = new Set<string>();
  const add = (id: string, kind: 'count' | 'text'): void => {
    const known = fields.get(id);
    fields.set(id, known === undefined || known === kind ? kind : 'count-or-time');
  };
  for (const { layout } of election.contests) {
    for (const { id } of layout.fields) add(id, 'count');
    for (const { id } of layout.times) add(id, 'text');
    for (const number of layout.candidates) candidates.add(number);
  }
  return { fields, candidates };
}

/** Reads the header line; tells every unknown, doubled and missing column. Without `known`, fields are for the server to judge. */
export function readHeader(text: string, known: SheetColumns | undefined): Header {
  const delimiter = sniffDelimiter(text);
  const cells = splitQuoted(text, delimiter);
  if (typeof cells === 'string') return { problems: [problem('', 'bad-quotes', cells)] };
  const problems: StructureProblem[] = [];
  const columns: SheetColumn[] = [];
  const names = cells.map((cell) => cell.trim());
  names.forEach((name, i) => {
    const column = name === '' ? undefined : columnOf(name, known);
    if (name === '') problems.push(problem('', 'unknown-column', `Column ${i + 1} has no name.`));
    else if (names.indexOf(name) < i)
      problems.push(problem('', 'duplicate-column', `Column "${name}" stands twice; keep one.`));
    else if (column) columns.push(column);
    else problems.push(problem('', 'unknown-column', unknownColumn(name, known)));
  });
  for (const name of ['station', 'contest'])
    if (!names.includes(name)) problems.push(problem('', 'missing-column', `Column "${name}" is missing.`));
  return problems.length > 0 ? { problems } : { delimiter, columns };
}

function columnOf(name: string, known: SheetColumns | undefined): SheetColumn | undefined {
  const kind = SHEET_COLUMNS.get(name);
  if (kind) return { name, kind, group: 'sheet', key: name, pointer: `/${name}` };
  if (name.startsWith('votes.')) {
    const key = name.slice('votes.'.length);
    const isKnown = known ? known.candidates.has(key) : IDENTIFIER.test(key);
    return isKnown ? { name, kind: 'count', group: 'votes', key, pointer: `/votes/${key}` } : undefined;
  }
  const field = known ? known.fields.get(name) : IDENTIFIER.test(name) ? 'count-or-time' : undefined;
  return field && { name, kind: field, group: 'fields', key: name, pointer: `/fields/${name}` };
}

function unknownColumn(name: string, known: SheetColumns | undefined): string {
  const shown = JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
  const all = [
    ...SHEET_COLUMNS.keys(),
    ...(known?.fields.keys() ?? []),
    ...[...(known?.candidates ?? [])].map((n) => `votes.${n}`),
  ];
  const meant = all.find((one) => one.toLowerCase() === name.toLowerCase() || one === `votes.${name}`);
  if (meant) return `Unknown column ${shown}; did you mean "${meant}"?`;
  if (name.startsWith('votes.')) return `Unknown column ${shown}: no contest has such a candidate.`;
  return `Unknown column ${shown}: no form has such a field.`;
}

/** The one of `,`, `;` and tab that stands most often in the header line, outside of quotes. */
function sniffDelimiter(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}
