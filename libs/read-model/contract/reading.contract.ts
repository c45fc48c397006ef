/** What the suites about reading share: a store with an empty model for each test, and views of it. */
import { afterEach, beforeEach } from '@jest/globals';
import type { ModelSnapshot, ReadModel, ReadModels } from '../port.ts';
import { ELECTION, FOLD, type MakeHarness, type ReadModelHarness, SHARDS } from './sample.contract.ts';

/** What a test of reading has at hand. */
export interface Reading {
  readonly model: ReadModel;
  /** A view as of now, closed at the end of the test. */
  snapshot(): Promise<ModelSnapshot>;
}

/** Gives each test of the suite at hand a store with an empty model. */
export function reading(makeHarness: MakeHarness): Reading {
  let harness: ReadModelHarness;
  let models: ReadModels;
  let model: ReadModel;
  let open: ModelSnapshot[];
  beforeEach(async () => {
    harness = await makeHarness();
    models = await harness.open();
    model = await models.create(ELECTION, SHARDS, FOLD);
    open = [];
  });
  afterEach(async () => {
    for (const snapshot of open) snapshot.close();
    await models.close();
    await harness.dispose();
  });
  return {
    get model() {
      return model;
    },
    async snapshot() {
      const snapshot = await model.snapshot();
      open.push(snapshot);
      return snapshot;
    },
  };
}
