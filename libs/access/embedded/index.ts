/** Accounts on one machine: lmdb in the data folder. */
export * from './embedded-accounts.ts';
