import { describe, expect, it } from '@jest/globals';
import { keepOrder, nextOrder, sortRows } from './sort.ts';

const compare = new Intl.Collator('vi', { numeric: true }).compare;

describe('sorting a table', () => {
  const rows = [
    { code: 'a', votes: 5 },
    { code: 'b', votes: null },
    { code: 'c', votes: 9 },
    { code: 'd', votes: 5 },
  ];

  it('puts rows without a value last in both directions and keeps equal rows in order', () => {
    const codes = (direction: 'ascending' | 'descending') =>
      sortRows(rows, (row) => row.votes, direction, compare).map((row) => row.code);
    expect(codes('descending')).toEqual(['c', 'a', 'd', 'b']);
    expect(codes('ascending')).toEqual(['a', 'd', 'c', 'b']);
  });

  it('sorts names as Vietnamese does, with numbers by size', () => {
    const names = ['Xã Đạ Sar', 'Xã Dương', 'Khu vực bỏ phiếu số 10', 'Khu vực bỏ phiếu số 2'];
    expect(sortRows(names, (name) => name, 'ascending', compare)).toEqual([
      'Khu vực bỏ phiếu số 2',
      'Khu vực bỏ phiếu số 10',
      'Xã Dương',
      'Xã Đạ Sar',
    ]);
  });

  it('goes natural, other, none', () => {
    const first = nextOrder(null, 'votes', 'descending');
    expect(first).toEqual({ column: 'votes', direction: 'descending' });
    const second = nextOrder(first, 'votes', 'descending');
    expect(second).toEqual({ column: 'votes', direction: 'ascending' });
    expect(nextOrder(second, 'votes', 'descending')).toBeNull();
    expect(nextOrder(second, 'name', 'ascending')).toEqual({ column: 'name', direction: 'ascending' });
  });

  it('keeps the rows where they are while somebody is in the table', () => {
    const shown = ['c', 'a', 'd'];
    expect(keepOrder(rows, shown, (row) => row.code).map((row) => row.code)).toEqual(['c', 'a', 'd', 'b']);
  });
});
