import { describe, expect, it } from '@jest/globals';
import { mayLogBeOut, mayResultsBeOut } from './publication.ts';

describe('whether results and log may be out', () => {
  const closes = '2021-05-23T19:00:00+07:00';
  const before = Date.parse(closes) - 1;
  const after = Date.parse(closes);
  const levels = [
    { id: 'province', name: {} },
    { id: 'station', name: {} },
  ];
  const election = (log: string, more = {}) => ({
    publish: {
      progress: '',
      turnout: '',
      results: '',
      incidents: '',
      evidence: '',
      lowestLevel: 'station',
      log,
      ...more,
    },
    polls: { closes },
    rehearsal: false,
    levels,
  });
  const open = [{ certified: { state: 'open' } as const }];

  it('is not before the polls close, except in a rehearsal that says always', () => {
    expect(mayLogBeOut(election('closed'), open, before)).toBe(false);
    expect(mayLogBeOut(election('always'), open, before)).toBe(false);
    expect(mayLogBeOut({ ...election('always'), rehearsal: true }, open, before)).toBe(true);
    expect(mayLogBeOut({ ...election('closed'), rehearsal: true }, open, before)).toBe(false);
    expect(mayLogBeOut(election('closed'), open, after)).toBe(true);
  });

  it('waits for a time, for certification, or for ever', () => {
    expect(mayLogBeOut(election('2021-05-24T00:00:00+07:00'), open, after)).toBe(false);
    expect(mayLogBeOut(election('2021-05-24T00:00:00+07:00'), open, Date.parse('2021-05-24T00:00:00+07:00'))).toBe(
      true,
    );
    expect(mayLogBeOut(election('certified'), open, after)).toBe(false);
    expect(mayLogBeOut(election('certified'), [], after)).toBe(true);
    expect(mayLogBeOut(election('never'), open, after)).toBe(false);
  });

  it('is never where figures end above the stations', () => {
    expect(mayLogBeOut(election('closed', { lowestLevel: 'province' }), open, after)).toBe(false);
  });

  it('follows the results, which stop at the lowest level and wait for their own contest', () => {
    const upToProvince = election('never', { results: 'closed', lowestLevel: 'province' });
    expect(mayResultsBeOut(upToProvince, 'province', open[0]!, after)).toBe(true);
    expect(mayResultsBeOut(upToProvince, 'province', open[0]!, before)).toBe(false);
    expect(mayResultsBeOut(upToProvince, 'station', open[0]!, after)).toBe(false);
    expect(mayResultsBeOut(election('never', { results: 'certified' }), 'station', open[0]!, after)).toBe(false);
  });
});
