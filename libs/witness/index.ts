/**
 * A witness of logs (C2SP tlog-witness): cosigns a checkpoint once it is shown to go on from the one that it cosigned before,
 * of any log whose key it knows. Of each log it remembers that one checkpoint.
 */
export { KnownLogs } from './known-logs.ts';
export { type Outcome, Witness, type WitnessParts } from './witness.ts';
