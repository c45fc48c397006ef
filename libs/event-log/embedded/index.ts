/** The log on one machine: lmdb in the data folder, and which process owns that folder. */
export * from './embedded-logs.ts';
export * from './owner.ts';
export { isFull } from './store-errors.ts';
