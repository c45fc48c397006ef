/**
 * A selection of the rounds of faults, one of each sort. The whole: `npm run test:faults`, which plays every scenario of
 * `scenarios/` with many seeds; `-- --seeds 7 --only "kill -9"` plays some of them again.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Arena } from './arena.ts';
import { playRound } from './round.ts';
import { scenarios } from './scenarios/index.ts';

const MINUTE = 60_000;
const CHOSEN = [
  'another program puts poison on the topic',
  'two different packages are opened under one id at once',
  'kill -9 of one of each kind',
  'kill -9 of the store',
  'kill -9 of a broker of three',
];

let arena: Arena;
beforeAll(async () => {
  arena = await Arena.start();
}, 3 * MINUTE);
afterAll(() => arena?.stop());

it.each(CHOSEN.map((name, seed) => ({ name, seed })))(
  'loses nothing, doubles nothing and goes on by itself: $name',
  async ({ name, seed }) => {
    const scenario = scenarios.find((one) => one.name === name)!;
    const { findings, counts, goneOnMs } = await playRound(arena, scenario, seed);
    expect(findings).toEqual([]);
    expect(counts.accepted).toBeGreaterThan(0);
    expect(goneOnMs).not.toBeNull();
  },
  4 * MINUTE,
);
