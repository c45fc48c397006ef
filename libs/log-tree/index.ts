/**
 * The Merkle trees of the logs of a running system: grown by projection workers, batch by batch, and read by whoever
 * serves tiles, checkpoints and proofs. May import the domain, transparency and the port of the log.
 */
export * from './port.ts';
export * from './public-log.ts';
export * from './receipts.ts';
export * from './shard-tree.ts';
export * from './tree-reads.ts';
