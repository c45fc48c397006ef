/** Accounts and freezes in MongoDB. */
export { openMongoAccounts } from './mongo-accounts.ts';
export { openMongoFreezes } from './mongo-freezes.ts';
