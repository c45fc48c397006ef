/** The trees in MongoDB, by mongoose: for any number of processes. */
export { openMongoTrees } from './mongo-trees.ts';
