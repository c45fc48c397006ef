import { expect, it } from '@jest/globals';
import { fuzzPackages } from './fuzz.ts';

it('reads or refuses any package, and never throws', async () => {
  const report = await fuzzPackages({ seed: 20210523, runs: 500 });
  expect(report.failures).toEqual([]);
  // Both ends are reached: changes that are harmless, and changes that are not.
  expect(report.accepted).toBeGreaterThan(5);
  expect(report.refused).toBeGreaterThan(200);
});

it('gives the same runs for the same seed', async () => {
  const [first, second] = [await fuzzPackages({ seed: 1, runs: 50 }), await fuzzPackages({ seed: 1, runs: 50 })];
  expect(second).toEqual(first);
});
