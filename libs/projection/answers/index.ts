/** Answers: what a view says, in the shapes that cross HTTP and the socket. */
export * from './attempts.ts';
export * from './board.ts';
export * from './findings.ts';
export * from './lineage.ts';
export * from './place.ts';
export * from './results.ts';
export * from './sheet.ts';
export * from './table.ts';
