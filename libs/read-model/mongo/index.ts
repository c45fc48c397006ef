/** The read model in MongoDB, by mongoose: for any number of processes. */
export * from './connection.ts';
export * from './environment.ts';
export { openMongoModels } from './mongo-models.ts';
