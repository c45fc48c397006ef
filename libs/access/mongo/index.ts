/** Accounts in MongoDB, by mongoose: for any number of processes. */
export * from './mongo-accounts.ts';
