import { describe, expect, it } from '@jest/globals';
import { problemsOf, readSample, replaced } from './sample.ts';

/** `line:column code`, with a piece of the message. */
function units(from: string, to: string) {
  return problemsOf({ 'units.csv': replaced(from, to), 'electorates.csv': null, 'map.json': null })
    .filter(({ file }) => file === 'units.csv')
    .map(({ line, column, code }) => `${line}:${column} ${code}`);
}

function message(from: string, to: string): string {
  return problemsOf({ 'units.csv': replaced(from, to) })[0]?.message ?? '';
}

describe('the tree of units', () => {
  it('has one root', () => {
    expect(units('024848,commune,Lake,P', '024848,commune,Lake,')).toEqual(['4:21 two-roots']);
    expect(units('P,province,Province,,,,', 'P,province,Province,024846,,,')).toEqual(['1:1 no-root', '2:21 cycle']);
  });

  it('has its root on the first level', () => {
    const flat = 'code,level,name,parent\nP,commune,Place,\nS,station,School,P\n';
    const found = problemsOf({
      'units.csv': flat,
      'electorates.csv': null,
      'map.json': null,
      'contests.csv': 'id,name,area,form,body\nna-1,A,P,count,na\ncouncil-1,B,P,count,council\n',
    });
    expect(found).toMatchObject([{ file: 'units.csv', line: 2, column: 3, code: 'root-level' }]);
  });

  it('has no circle', () => {
    const found = problemsOf({
      'units.csv': (text) =>
        text
          .replace('024846,commune,Forest,P', '024846,commune,Forest,024848')
          .replace('024848,commune,Lake,P', '024848,commune,Lake,024846'),
    });
    expect(found[0]).toMatchObject({ file: 'units.csv', line: 3, column: 23, code: 'cycle' });
    expect(found[0]?.message).toContain('024846 → 024848 → 024846');
    expect(found.filter(({ code }) => code === 'cycle')).toHaveLength(1);
  });

  it('has each code once', () => {
    expect(units('024846-02', '024846-01')).toEqual(['6:1 duplicate-code']);
  });

  it('has known levels and parents, and says when only leading zeros are missing', () => {
    expect(units('024848,commune,Lake', '024848,comune,Lake')).toEqual(['4:8 unknown-level']);
    expect(units('Hall,024846', 'Hall,24846')).toEqual(['6:24 unknown-parent']);
    expect(message('Hall,024846', 'Hall,24846')).toContain('did you mean 024846?');
    expect(message('Hall,024846', 'Hall,999')).not.toContain('did you mean');
  });

  it('has parents on higher levels, which may be skipped', () => {
    expect(units('024848,commune,Lake,P', '024848,commune,Lake,024846')).toEqual(['4:21 parent-level']);
    expect(units('Market,024848', 'Market,P')).toEqual([]);
  });

  it('has registered voters on stations only, as digits only', () => {
    expect(units('024848,commune,Lake,P,', '024848,commune,Lake,P,5')).toEqual(['4:23 registered-above']);
    for (const [text, reason] of [
      ['1.453', 'thousands'],
      ['1 453', 'thousands'],
      ['1453.0', 'decimals'],
      ['-3', 'negative'],
      ['many', 'digits only'],
      ['1e3', 'digits only'],
      ['1000000000', 'from 0 to 999999999'],
    ] as const) {
      expect(units(',1453,', `,${text},`)).toEqual(['5:33 bad-count']);
      expect(message(',1453,', `,${text},`)).toContain(reason);
    }
    expect(message(',1453,', ',"1,453",')).toContain('write 1453');
    expect(units(',1453,', ',999999999,')).toEqual([]);
    expect(units(',1453,', ',0,')).toEqual([]);
  });

  it('has places on earth', () => {
    expect(units('11.94,108.44', '91,181')).toEqual(['3:26 out-of-range', '3:29 out-of-range']);
    expect(units('11.94,108.44', '"11,94",108.44')).toEqual(['3:26 out-of-range']);
  });

  it('has codes that are identifiers', () => {
    expect(units('024846-02,', '024846/02,')).toEqual(['6:1 bad-identifier']);
    expect(units('024846-02,', '__proto__,')).toEqual(['6:1 bad-identifier']);
    expect(units('024846-02,', ',')).toEqual(['6:1 empty']);
    expect(units('Hall', '')).toEqual(['6:19 empty']);
  });

  it('keeps numbers that JavaScript would spell otherwise as they are', () => {
    const result = readSample({ 'units.csv': replaced('11.94,108.44', '-0,0.10') });
    expect(result.ok && result.definition.units[1]).toMatchObject({ lat: 0, lon: 0.1 });
  });
});
