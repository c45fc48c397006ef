/**
 * Projection: folds the log into read models, and reads them back at one position: results, history, lineage, findings,
 * timeline, fingerprint, and rebuilding beside the live model. May import domain, definition, event-log, read-model.
 */
export * from './answers/index.ts';
export * from './at.ts';
export { checkUnit, type Mismatch } from './check-unit.ts';
export * from './cluster/index.ts';
export { compareModels } from './comparison.ts';
export * from './elections.ts';
export * from './projection.ts';
export * from './projector.ts';
export * from './replay.ts';
export * from './results.ts';
export type { Changes } from './shard-worker.ts';
export * from './view.ts';
