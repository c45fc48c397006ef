/**
 * Mirror: a copy of a running server's public log and results, in the layout of an export, that only ever goes on. What
 * a server sends is believed once it has the roots that were signed, and goes on from what the copy holds.
 */
export { type MirrorOptions, type MirrorOutcome, mirror } from './mirror.ts';
export { MirrorError, type MirrorFault } from './mirror-error.ts';
export type { LogSource } from './source.ts';
