import { describe, expect, it } from '@jest/globals';
import { inLanguage, links, movedPage, readRoute } from './route.ts';

describe('addresses', () => {
  it('name the election, the unit, the contest and the track', () => {
    expect(readRoute('/', '')).toEqual({ page: 'start' });
    expect(readRoute('/en', '')).toEqual({ page: 'elections', language: 'en' });
    expect(readRoute('/vi/e-1', '')).toEqual({ page: 'overview', language: 'vi', election: 'e-1' });
    expect(readRoute('/vi/e-1/~search', '?q=da+lat')).toMatchObject({ page: 'search', wanted: 'da lat' });
    expect(readRoute('/vi/e-1/~corrections', '')).toMatchObject({ page: 'corrections' });
    expect(readRoute('/vi/e-1/~about', '')).toMatchObject({ page: 'about' });
    expect(readRoute('/vi/e-1/24846', '?contest=na-1&track=verified')).toEqual({
      page: 'unit',
      language: 'vi',
      election: 'e-1',
      unit: '24846',
      contest: 'na-1',
      track: 'verified',
    });
    expect(readRoute('/en/e-1/24846-01/na-1', '')).toMatchObject({
      page: 'sheet',
      station: '24846-01',
      contest: 'na-1',
    });
  });

  it('name what is audited: a unit as it was, a figure, two positions, a receipt, an evening', () => {
    const at = '0:12,1:7';
    expect(links.unit('en', 'e-1', 'c-1', 'na-1', 'provisional', at)).toBe('/en/e-1/c-1?contest=na-1&at=0:12,1:7');
    const place = { language: 'en', election: 'e-1', unit: 'c-1', contest: 'na-1', track: 'provisional' };
    expect(readRoute('/en/e-1/c-1', `?contest=na-1&at=${at}`)).toEqual({ page: 'past', ...place, at });
    const figure = { key: 'votes.1', at, isWhole: true };
    const lineage = links.lineage('en', 'e-1', 'c-1', 'na-1', 'verified', figure);
    expect(lineage).toBe('/en/e-1/~lineage?unit=c-1&contest=na-1&track=verified&key=votes.1&at=0:12,1:7&all');
    const [path, search] = lineage.split('?');
    expect(readRoute(path!, `?${search}`)).toEqual({ page: 'lineage', ...place, track: 'verified', ...figure });
    expect(links.compare('en', 'e-1', 'c-1', 'na-1', 'provisional', { from: at })).toBe(
      '/en/e-1/~compare?unit=c-1&contest=na-1&from=0:12,1:7',
    );
    expect(readRoute('/en/e-1/~compare', `?unit=c-1&contest=na-1&from=${at}&to=2021-05-23T21:00:00%2B07:00`)).toEqual({
      page: 'compare',
      ...place,
      from: at,
      to: '2021-05-23T21:00:00+07:00',
    });
    expect(readRoute('/vi/e-1/~receipt', '?id=0-12-K7QM-3PXD')).toMatchObject({
      page: 'receipt',
      id: '0-12-K7QM-3PXD',
    });
    expect(readRoute('/vi/e-1/~receipt', '')).toMatchObject({ page: 'receipt', id: '' });
    expect(links.receipt('vi', 'e-1')).toBe('/vi/e-1/~receipt');
    expect(readRoute('/vi/e-1/~evening', '?station=s-1')).toMatchObject({ page: 'evening', station: 's-1' });
    for (const name of ['~lineage', '~compare', '~evening'])
      expect(readRoute(`/vi/e-1/${name}`, '')).toMatchObject({ page: 'missing' });
  });

  it('lead accounts to the board, and go on to pages of this server alone', () => {
    expect(readRoute('/en/e-1/~board', '?unit=c-1&state=held')).toEqual({
      page: 'board',
      language: 'en',
      election: 'e-1',
      unit: 'c-1',
      contest: undefined,
      state: 'held',
    });
    expect(readRoute('/vi/e-1/~newsroom', '?contest=na-1')).toMatchObject({ page: 'newsroom', contest: 'na-1' });
    expect(links.newsroom('vi', 'e-1', 'na-1', 'commune')).toBe('/vi/e-1/~newsroom?contest=na-1&level=commune');
    expect(readRoute('/vi/e-1/~board', '?state=lost')).toMatchObject({ page: 'board', state: 'missing' });
    const address = links.board('vi', 'e-1', { unit: 'c-1', contest: 'na-1', state: 'late' });
    expect(address).toBe('/vi/e-1/~board?unit=c-1&contest=na-1&state=late');
    expect(readRoute('/en/sign-in', '?to=%2Fen%2Fe-1%2F~board')).toMatchObject({
      page: 'sign-in',
      to: '/en/e-1/~board',
    });
    for (const to of ['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'javascript:x'])
      expect(readRoute('/en/sign-in', `?to=${encodeURIComponent(to)}`)).toMatchObject({ to: undefined });
  });

  it('of the newsroom and the board leave the codes `newsroom` and `board` to units', () => {
    expect(readRoute('/en/e-1/board', '?contest=na-1')).toMatchObject({ page: 'unit', unit: 'board', contest: 'na-1' });
    expect(readRoute('/en/e-1/newsroom', '')).toMatchObject({ page: 'unit', unit: 'newsroom' });
    expect(movedPage('/en/e-1/board', '?state=held')).toBe('/en/e-1/~board?state=held');
    expect(movedPage('/vi/e-1/newsroom/', '')).toBe('/vi/e-1/~newsroom');
    for (const path of ['/en/e-1/c-1', '/en/e-1/board/na-1', '/en/e-1/~board', '/en/board'])
      expect(movedPage(path, '')).toBeUndefined();
  });

  it('show a contest in frames of other sites and on walls', () => {
    expect(readRoute('/embed/e-1/c-1', '?contest=na-1&lang=en&theme=dark&inline')).toEqual({
      page: 'embed',
      language: 'en',
      election: 'e-1',
      unit: 'c-1',
      contest: 'na-1',
      theme: 'dark',
      isInline: true,
    });
    expect(readRoute('/screen/e-1', '?show=progress:c-1/na-1;progress+candidates:c-2&every=60')).toEqual({
      page: 'screen',
      language: 'vi',
      election: 'e-1',
      theme: undefined,
      everySeconds: 60,
      slides: [
        { widgets: ['progress'], unit: 'c-1', contest: 'na-1' },
        { widgets: ['progress', 'candidates'], unit: 'c-2', contest: undefined },
      ],
    });
    expect(readRoute('/screen/e-1', '?show=children+timeline+weather:c-1;weather:c-2')).toMatchObject({
      slides: [
        { widgets: ['timeline', 'children'], unit: 'c-1' },
        { widgets: ['progress', 'candidates'], unit: 'c-2' },
      ],
    });
    expect(readRoute('/screen/e-1', '?every=0')).toMatchObject({ everySeconds: 20, slides: [{ unit: undefined }] });
  });

  it('that name nothing are missing', () => {
    expect(readRoute('/xx/e-1', '')).toMatchObject({ page: 'missing' });
    expect(readRoute('/en/a/b/c/d', '')).toMatchObject({ page: 'missing' });
    expect(readRoute('/en/%E0%A4%A', '')).toMatchObject({ page: 'missing' });
    expect(readRoute('/en/e-1/~nothing', '')).toMatchObject({ page: 'missing' });
    expect(readRoute('/en/e-1/u', '?track=nonsense')).toMatchObject({ track: 'provisional' });
  });

  it('are printed as they are read', () => {
    const address = links.unit('en', 'e-1', 'a.b_c-1', 'na-1', 'verified');
    expect(address).toBe('/en/e-1/a.b_c-1?contest=na-1&track=verified');
    expect(links.unit('en', 'e-1', 'x')).toBe('/en/e-1/x');
    expect(inLanguage('vi', '/en/e-1/x', '?contest=na-1')).toBe('/vi/e-1/x?contest=na-1');
    expect(inLanguage('vi', '/', '')).toBe('/vi');
  });
});
