/** The log on one machine: lmdb in the data folder, and which process owns that folder. */
export * from './embedded-logs.ts';
export * from './owner.ts';
export { type Failure, failureNow, failureOf } from './store-errors.ts';
