import { describe, expect, it } from '@jest/globals';
import { stepAt, stepsOf, tempo } from './night.ts';

const points = [
  { position: '0:3,1:0', time: '2021-05-23T12:00:00Z', received: 1 },
  { position: '0:3,1:4', time: '2021-05-23T12:01:00Z', received: 2 },
  { position: '0:9,1:4', time: '2021-05-23T12:02:00Z', received: 3 },
];

describe('the steps of a night', () => {
  const steps = stepsOf(points, 2);

  it('begin before the first sheet', () => {
    expect(steps).toHaveLength(4);
    expect(steps[0]).toEqual({ position: '0:0,1:0', time: null, received: 0 });
  });

  it('are found by a position: the last one that is not beyond it', () => {
    expect(steps.map(({ position }) => stepAt(steps, position))).toEqual([0, 1, 2, 3]);
    expect(stepAt(steps, '0:2,1:9')).toBe(0);
    expect(stepAt(steps, '0:8,1:4')).toBe(2);
    expect(stepAt(steps, '0:99,1:99')).toBe(3);
    expect([stepAt(steps, 'nonsense'), stepAt(steps, '0:9')]).toEqual([0, 0]);
  });

  it('are played in bounded time, and in few steps for those who want no motion', () => {
    for (const length of [2, 13, 121, 401]) {
      const lively = tempo(length, false);
      expect(Math.ceil((length - 1) / lively.stride)).toBeLessThanOrEqual(120);
      const calm = tempo(length, true);
      expect(Math.ceil((length - 1) / calm.stride)).toBeLessThanOrEqual(12);
      expect(calm.everyMs).toBeGreaterThan(lively.everyMs);
    }
    expect(tempo(2, false).stride).toBe(1);
  });
});
