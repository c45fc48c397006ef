import { expect, test } from '@jest/globals';
import { sheetOf, Town } from '../../apps/standalone/testing/town.ts';
import { fuzzBodies } from './http-bodies.ts';

test('no damaged body is answered with a fault or a stack trace', async () => {
  const town = await Town.open({ id: 'town' });
  try {
    const report = await fuzzBodies({
      address: `${town.server.url}/api/v1/elections/town`,
      token: town.tokens.clerk,
      sheet: sheetOf('s-1', { 1: 4, 2: 5 }),
      seed: 4,
      runs: 400,
    });
    expect(report.failures).toEqual([]);
    expect(report.statuses['422']).toBeGreaterThan(10);
  } finally {
    await town.close();
  }
});
