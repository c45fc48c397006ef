/**
 * Transparency: a Merkle tree over the records of each shard, its tiles and proofs, signed checkpoints, and one signed
 * head over all of them (contracts §3). Anybody who holds the log's bytes can check them with this, or with any other
 * program for the same public formats.
 *
 * Pure: no I/O, no clock. It imports the domain and node:crypto only.
 */
export * from './checkpoint.ts';
export * from './cosignature.ts';
export * from './election-head.ts';
export * from './entries.ts';
export * from './export-folder.ts';
export * from './hashing.ts';
export { inclusionSides, type Side } from './inclusion-sides.ts';
export * from './keys.ts';
export * from './note.ts';
export * from './origins.ts';
export * from './proofs.ts';
export * from './receipt-ids.ts';
export * from './receipts.ts';
export * from './rotation.ts';
export * from './tile-paths.ts';
export * from './tiled-tree.ts';
export * from './witness-protocol.ts';
