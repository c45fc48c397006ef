/**
 * Intake: sheets and acts in, the fold's word out; and files of sheets, read as a stream.
 * May import domain, definition, event-log, log-tree, read-model and projection.
 */
export { FuzzFailure, type FuzzOptions, type FuzzReport, fuzzSheets } from './fuzz.ts';
export * from './import.ts';
export * from './import-sink.ts';
export * from './intake.ts';
export { columnsOf, type SheetColumns } from './sheet-columns.ts';
export * from './sheet-files.ts';
export * from './sheet-json.ts';
export type { RefusedLine, SheetFileLine, SheetLine } from './sheet-line.ts';
