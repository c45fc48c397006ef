/**
 * The domain: units, contests, sheets, the station ledger, totals, events. Pure: no I/O, no clock, no random.
 * It imports nothing but itself, node:crypto for hashing and RFC 8785 canonical JSON.
 */
export * from './definition.ts';
export * from './devices.ts';
export * from './election.ts';
export * from './event-home.ts';
export * from './events.ts';
export * from './expectation.ts';
export * from './figures.ts';
export * from './findings.ts';
export * from './position.ts';
export * from './publication.ts';
export * from './rejections.ts';
export * from './results-csv.ts';
export * from './shard.ts';
export * from './shard-fold.ts';
export * from './sheet.ts';
export * from './sheet-structure.ts';
export * from './station-ledger.ts';
export * from './times.ts';
export * from './totals.ts';
export * from './tree-totals.ts';
