/** Accounts in MongoDB. */
export { openMongoAccounts } from './mongo-accounts.ts';
