/**
 * What every adapter of the read model promises, as a suite: `readModelContract('embedded (lmdb)', makeHarness)`.
 *
 * Each test gets a store of its own. What is particular to one kind of store is for that adapter's own specs.
 */
import { describe } from '@jest/globals';
import { guardsContract } from './contract/guards.contract.ts';
import { readingContract } from './contract/reading.contract.ts';
import type { MakeHarness } from './contract/sample.contract.ts';
import { versionsContract } from './contract/versions.contract.ts';

export type { ReadModelHarness } from './contract/sample.contract.ts';

export function readModelContract(name: string, makeHarness: MakeHarness): void {
  describe(`read model: ${name}`, () => {
    guardsContract(makeHarness);
    readingContract(makeHarness);
    versionsContract(makeHarness);
  });
}
