import { describe, expect, it } from '@jest/globals';
import { momentOf } from './wall-clock.ts';

describe('a time on the wall', () => {
  it.each([
    ['2021-05-23T21:00', 'Asia/Ho_Chi_Minh', '2021-05-23T14:00:00.000Z'],
    ['2013-10-28T00:30:15', 'Asia/Tbilisi', '2013-10-27T20:30:15.000Z'],
    ['2026-03-29T01:59', 'Europe/Berlin', '2026-03-29T00:59:00.000Z'],
    ['2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T03:30', 'Europe/Berlin', '2026-10-25T02:30:00.000Z'],
  ])('%s in %s is %s', (wall, zone, moment) => {
    expect(momentOf(wall, zone)).toBe(moment);
  });

  it('is the one after, where the clocks leap over it', () => {
    expect(momentOf('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  });

  it.each(['', 'noon', '2021-05-23', '2021-13-01T00:00'])('is none where it reads "%s"', (wall) => {
    expect(momentOf(wall, 'UTC')).toBeNull();
  });
});
