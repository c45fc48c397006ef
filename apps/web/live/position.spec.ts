import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventsBefore, isNotBeyond, judgeMessage, printPosition, readPosition } from './position.ts';

describe('positions', () => {
  it('are read and printed', () => {
    expect(readPosition('0:1234,1:99')).toEqual([1234, 99]);
    expect(printPosition([1234, 99])).toBe('0:1234,1:99');
    expect(eventsBefore([1234, 99])).toBe(1333);
    for (const text of ['', '1:5', '0:5,2:6', '0:-1', '0:x', '0:1,']) expect(readPosition(text)).toBeNull();
  });

  it('of different shard counts are not comparable', () => {
    expect(isNotBeyond([1], [1, 2])).toBe(false);
  });
});

describe('a message of the feed', () => {
  it('is applied where it continues what is known', () => {
    expect(judgeMessage([5, 5], [5, 5], [6, 5])).toBe('apply');
    expect(judgeMessage([5, 5], [4, 3], [6, 5])).toBe('apply');
    expect(judgeMessage([5, 5], [5, 5], [5, 5])).toBe('apply');
  });

  it('asks for the snapshot where something between is missing, in any shard', () => {
    expect(judgeMessage([5, 5], [6, 5], [9, 9])).toBe('refetch');
    expect(judgeMessage([5, 5], [0, 6], [9, 9])).toBe('refetch');
  });

  it('is ignored where it would take a shard back', () => {
    expect(judgeMessage([5, 5], [3, 3], [4, 4])).toBe('ignore');
    expect(judgeMessage([5, 5], [3, 3], [9, 4])).toBe('ignore');
  });

  it('never takes any shard back, whatever comes in whatever order', () => {
    const position = fc.array(fc.nat(9), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(position, fc.array(fc.tuple(position, position)), (start, messages) => {
        let own: readonly number[] = start;
        for (const [from, to] of messages) {
          if (judgeMessage(own, from, to) !== 'apply') continue;
          expect(isNotBeyond(own, to)).toBe(true);
          expect(isNotBeyond(from, own)).toBe(true);
          own = to;
        }
      }),
    );
  });
});
