import { expect, it } from '@jest/globals';
import { Repeated } from './repeated.ts';

it('tells a fault, goes on, and tells once that it is over', async () => {
  const told: unknown[] = [];
  const broken = new Error('away');
  const faults = [null, broken, broken, null, null];
  let done = 0;
  await new Promise<void>((resolve) => {
    const repeated = new Repeated(
      1,
      async () => {
        const fault = faults[done];
        done += 1;
        if (done === faults.length) void repeated.stop().then(resolve);
        if (fault) throw fault;
      },
      (error) => told.push(error),
    );
    void repeated.start();
  });
  expect(told).toEqual([broken, broken, null]);
  expect(done).toBe(faults.length);
});
