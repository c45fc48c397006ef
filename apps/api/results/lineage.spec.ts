import { afterEach, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
afterEach(() => town.close());

/** The sheets of a figure's lineage: station, votes for candidate 1, and what they were before. */
async function lineage(query = ''): Promise<unknown[]> {
  const { json } = await town.get(`results/r/lineage?contest=mayor&key=votes.1${query}`, 'observer');
  return json.sheets.map(
    (sheet: { station: string; votes: Record<string, number>; earlier?: { value: number | null }[] }) => [
      sheet.station,
      sheet.votes[1],
      sheet.earlier?.map(({ value }) => value),
    ],
  );
}

describe('the lineage of a figure', () => {
  it('tells what a corrected sheet counted with before, and nothing where another figure was corrected', async () => {
    town = await Town.open();
    const reason = { reason: 'typed wrong', cause: 'entry' };
    await town.submit(sheetOf('s-1', { 1: 10, 2: 20 }));
    await town.submit(sheetOf('s-2', { 1: 7, 2: 8 }));
    const { position } = (await town.get('')).json;
    await town.submit(sheetOf('s-1', { 1: 12, 2: 20 }, { expectedRevision: 1, ...reason }));
    await town.submit(sheetOf('s-2', { 1: 7, 2: 9 }, { expectedRevision: 1, ...reason }));
    await town.submit(sheetOf('s-1', { 1: 15, 2: 20 }, { expectedRevision: 2, ...reason }));
    expect(await lineage()).toEqual([
      ['s-1', 15, [10, 12]],
      ['s-2', 7, undefined],
    ]);
    expect(await lineage(`&at=${position}`)).toEqual([
      ['s-1', 10, undefined],
      ['s-2', 7, undefined],
    ]);
    expect(await lineage('&track=verified')).toEqual([]);
  });

  it('counts a held correction in the track "all" alone, and says where nothing counted in between', async () => {
    town = await Town.open();
    const reason = { reason: 'counted again', cause: 'recount' };
    await town.submit(sheetOf('s-1', { 1: 10, 2: 20 }));
    await town.submit(sheetOf('s-1', { 1: 11, 2: 20 }, { expectedRevision: 1, ...reason, fields: { V: 1, H: 31 } }));
    expect(await lineage()).toEqual([['s-1', 10, undefined]]);
    expect(await lineage('&track=all')).toEqual([['s-1', 11, [10]]]);
    await town.act('s-1', 'mayor', 'annul', 'certifier', { reason: 'wrong box' });
    await town.submit(sheetOf('s-1', { 1: 9, 2: 20 }, { expectedRevision: 2, ...reason }));
    expect(await lineage()).toEqual([['s-1', 9, [10, null]]]);
  });
});

describe('a history', () => {
  it('names the receipt of every attempt that may be seen, before the tree has it and after', async () => {
    town = await Town.open();
    const { json } = await town.submit(sheetOf('s-1', { 1: 10, 2: 20 }));
    await town.submit(sheetOf('s-1', { 1: 11, 2: 20 }));
    const { attempts } = (await town.get('sheets/s-1/mayor/history')).json;
    expect(attempts.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['accepted', 'rejected']);
    expect(attempts[0].receipt).toBe(json.receipt.id);
    for (const { receipt, position } of attempts) {
      const proven = await town.get(`receipts/${receipt}`);
      expect([200, 202]).toContain(proven.status);
      expect(proven.json.attempt).toBe(position);
    }
  });
});
