/** The read model on one machine: lmdb in the data folder. */
export * from './embedded-models.ts';
