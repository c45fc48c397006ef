/** The trees in lmdb, in the data folder. */
export { openEmbeddedTrees } from './embedded-trees.ts';
