/** Accounts and freezes on one machine: lmdb in the data folder. */
export * from './embedded-accounts.ts';
export * from './embedded-freezes.ts';
