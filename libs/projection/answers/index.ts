/** Answers: what a view says, in the shapes that cross HTTP and the socket. */
export * from './attempt-csv.ts';
export * from './attempt-search.ts';
export * from './attempts.ts';
export * from './board.ts';
export * from './corrections.ts';
export * from './csv-line.ts';
export * from './devices.ts';
export * from './findings.ts';
export * from './lineage.ts';
export * from './overview.ts';
export * from './place.ts';
export * from './results.ts';
export * from './search.ts';
export * from './sheet.ts';
export * from './table.ts';
