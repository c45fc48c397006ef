/** The slope of memory. */
import { describe, expect, it } from '@jest/globals';
import { MemoryWatch, residentMegabytes, slopeOf } from './memory.ts';

describe('memory over time', () => {
  it('grows as fast as the straight line that fits best', () => {
    const noise = [3, -3, -3, 3];
    const points = noise.map((more, i) => ({ hours: i, megabytes: 100 + 7 * i + more }));
    expect(slopeOf(points)).toBeCloseTo(7, 10);
    expect(slopeOf(points.slice(0, 1))).toBeNaN();
  });

  it('is read of a process that runs, and of no other', () => {
    expect(residentMegabytes(process.pid)).toBeGreaterThan(10);
    expect(residentMegabytes(2 ** 30)).toBeNaN();
  });

  it('is noted by process', () => {
    const watch = new MemoryWatch(new Map([['this', process.pid]]));
    for (let looks = 0; looks < 4; looks += 1) watch.look();
    expect(watch.slopes(0.5).get('this')!.last).toBeGreaterThan(10);
  });
});
