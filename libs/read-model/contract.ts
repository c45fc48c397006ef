/**
 * What every adapter of the read model promises, as a suite: `readModelContract('embedded (lmdb)', makeHarness)`.
 *
 * Each test gets a store of its own. What is particular to one kind of store is for that adapter's own specs.
 */
import { describe } from '@jest/globals';
import { documentsContract } from './contract/documents.contract.ts';
import { guardsContract } from './contract/guards.contract.ts';
import { orderContract } from './contract/order.contract.ts';
import type { MakeHarness } from './contract/sample.contract.ts';
import { snapshotContract } from './contract/snapshot.contract.ts';
import { versionsContract } from './contract/versions.contract.ts';

export type { ReadModelHarness } from './contract/sample.contract.ts';

export function readModelContract(name: string, makeHarness: MakeHarness): void {
  describe(`read model: ${name}`, () => {
    guardsContract(makeHarness);
    documentsContract(makeHarness);
    orderContract(makeHarness);
    snapshotContract(makeHarness);
    versionsContract(makeHarness);
  });
}
