/**
 * What every adapter of the read model promises, as a suite: `readModelContract('embedded (lmdb)', traits, makeHarness)`.
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

export interface Traits {
  /** Whether views never change (the store reads in transactions), or may show documents beyond their position. */
  readonly viewsStandStill: boolean;
}

export function readModelContract(name: string, { viewsStandStill }: Traits, makeHarness: MakeHarness): void {
  describe(`read model: ${name}`, () => {
    // Each in a describe of its own: its hooks are for its tests alone.
    describe('writing', () => guardsContract(makeHarness));
    describe('reading documents', () => documentsContract(makeHarness));
    describe('reading lists', () => orderContract(makeHarness));
    describe('reading views', () => snapshotContract(makeHarness, viewsStandStill));
    describe('managing', () => versionsContract(makeHarness));
  });
}
