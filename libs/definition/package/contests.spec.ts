import { describe, expect, it } from '@jest/globals';
import { problemsOf, replaced } from './sample.ts';

function found(file: string, from: string, to: string): string[] {
  return problemsOf({ [file]: replaced(from, to) }).map((one) => `${one.file}:${one.line}:${one.column} ${one.code}`);
}

function message(file: string, from: string, to: string): string {
  return problemsOf({ [file]: replaced(from, to) })[0]?.message ?? '';
}

describe('contests', () => {
  const contests = (from: string, to: string) => found('contests.csv', from, to);

  it('lie in areas that exist and hold a station', () => {
    expect(contests('024846 024848', '024846 24848')).toEqual([
      'contests.csv:3:26 unknown-area',
      'electorates.csv:3:1 outside-area',
    ]);
    expect(message('contests.csv', '024846 024848', '024846 24848')).toContain('did you mean 024848?');
    expect(contests('024846 024848', '024846 024848 024846')).toEqual(['contests.csv:3:33 duplicate-code']);
    expect(contests('Assembly,P', 'Assembly,')).toEqual(['contests.csv:2:15 empty']);
    const empty = problemsOf({
      'units.csv': (text) => `${text}024849,commune,Hill,P,,,\n`,
      'contests.csv': replaced('Assembly,P', 'Assembly,024849'),
    });
    expect(empty).toMatchObject([{ file: 'contests.csv', line: 2, column: 15, code: 'no-station' }]);
  });

  it('have forms, seats and words that are known', () => {
    expect(contests('P,count', 'P,recount')).toEqual(['contests.csv:2:17 unknown-form']);
    expect(contests('na,2', 'na,0')).toEqual(['contests.csv:2:26 bad-count']);
    expect(contests('majority-of-valid-ballots', 'majority')).toEqual(['contests.csv:2:28 unknown-word']);
    expect(message('contests.csv', 'majority-of-valid-ballots', 'majority')).toContain(
      'plurality, majority-of-valid-ballots or none',
    );
  });

  it('have ids that stand once', () => {
    const doubled = problemsOf({ 'contests.csv': (text) => `${text}na-1,Again,P,count,na,1,,,\n` });
    expect(doubled).toMatchObject([{ file: 'contests.csv', line: 4, column: 1, code: 'duplicate-id' }]);
  });

  it('belong to a first contest where they are none', () => {
    const rerun = (kind: string, of: string) =>
      problemsOf({
        'contests.csv': (text) => `${text}na-1b,Rerun,P,count,na,1,,${kind},${of}\n`,
        'candidates.csv': (text) => `${text}na-1b,1,Ada,\n`,
      }).map((one) => `${one.line}:${one.column} ${one.code}`);
    expect(rerun('rerun', 'na-1')).toEqual([]);
    expect(rerun('rerun', '')).toEqual(['4:33 empty']);
    expect(rerun('rerun', 'na-2')).toEqual(['4:33 unknown-contest']);
    expect(rerun('rerun', 'na-1b')).toEqual(['4:33 contradiction']);
    expect(rerun('', 'na-1')).toEqual(['4:28 contradiction']);
    expect(rerun('again', 'na-1')).toEqual(['4:27 unknown-word', '4:33 contradiction']);
  });
});

describe('candidates', () => {
  const candidates = (from: string, to: string) => found('candidates.csv', from, to);

  it('stand in contests that exist, with a number of their own', () => {
    expect(candidates('na-1,3', 'na-3,3')).toEqual(['candidates.csv:4:1 unknown-contest']);
    expect(candidates('na-1,3', 'na-1,2')).toEqual(['candidates.csv:4:6 duplicate-number']);
    expect(candidates('na-1,3', 'na-1,3 a')).toEqual(['candidates.csv:4:6 bad-identifier']);
    expect(candidates('na-1,3', 'na-1,3.12')).toEqual([]);
    expect(candidates('Cy', '')).toEqual(['candidates.csv:4:8 empty']);
  });

  it('are born on a day of the calendar', () => {
    expect(candidates('1980-03-04', '04/03/1980')).toEqual(['candidates.csv:3:11 bad-date']);
    expect(candidates('1980-03-04', '1980-02-30')).toEqual(['candidates.csv:3:11 bad-date']);
  });

  it('are there in every contest', () => {
    const none = problemsOf({ 'candidates.csv': 'contest,number,name\nna-1,1,Ada\n' });
    expect(none).toMatchObject([{ file: 'contests.csv', line: 3, column: 1, code: 'no-candidate' }]);
  });
});

describe('electorates', () => {
  const electorates = (from: string, to: string) => found('electorates.csv', from, to);

  it('name stations of the contest, each once', () => {
    expect(electorates('024848-01', '24848-01')).toEqual(['electorates.csv:3:1 unknown-station']);
    expect(electorates('024848-01', '024848')).toEqual(['electorates.csv:3:1 not-a-station']);
    expect(electorates('024848-01', '024846-01')).toEqual(['electorates.csv:3:1 duplicate-row']);
    expect(electorates('024848-01,council-1', '024848-01,council-9')).toEqual(['electorates.csv:3:11 unknown-contest']);
    expect(electorates('1200', '1200.0')).toEqual(['electorates.csv:3:21 bad-count']);
    expect(electorates('1200', '')).toEqual([]);
    const outside = problemsOf({ 'contests.csv': replaced('024846 024848', '024846') });
    expect(outside).toMatchObject([{ file: 'electorates.csv', line: 3, column: 1, code: 'outside-area' }]);
  });
});

describe('a map', () => {
  const map = (from: string, to: string) => found('map.json', from, to);

  it('ties each feature to a unit, once', () => {
    expect(map('"id": "024846"', '"id": "24846"')).toEqual(['map.json:2:30 unknown-unit']);
    expect(message('map.json', '"id": "024846"', '"id": "24846"')).toContain('did you mean 024846?');
    expect(map('"code": "024848"', '"code": "024846"')).toEqual(['map.json:3:48 duplicate-code']);
    expect(map('"code": "024848"', '"name": "Lake"')).toEqual(['map.json:3:3 bad-map']);
  });

  it('is GeoJSON or TopoJSON', () => {
    expect(map('FeatureCollection', 'Collection')).toEqual(['map.json:1:1 bad-map']);
    expect(map('"Point"', '"Dot"')).toEqual(['map.json:2:52 bad-map']);
    const topology = (objects: string) =>
      problemsOf({ 'map.json': `{"type":"Topology","arcs":[],"objects":${objects}}` });
    expect(
      topology('{"units":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[],"id":"024846"}]}}'),
    ).toEqual([]);
    expect(
      topology('{"units":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[],"id":"1"}]}}'),
    ).toMatchObject([{ code: 'unknown-unit', line: 1, column: 125 }]);
    expect(topology('[]')).toMatchObject([{ code: 'bad-map' }]);
  });
});
