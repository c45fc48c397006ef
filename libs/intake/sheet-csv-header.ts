/** The header line of sheets as CSV: which column is what. Columns are found by name; what is not known is refused. */
import type { StructureProblem } from '#domain';
import { splitQuoted } from './sheet-csv.ts';
import type { SheetColumns } from './sheet-files.ts';
