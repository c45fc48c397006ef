/** What every adapter of `FreezeStore` promises, and freezes over it; an adapter's spec calls this with a way to open it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FreezeOrder, type FreezeStore, Freezes, NO_FREEZES } from './freezes.ts';

/** `open` opens the same store again on every call until `drop`. */
export interface FreezesUnderTest {
  open(): Promise<FreezeStore>;
  drop(): Promise<void>;
}

const order = (id: string): FreezeOrder => ({
  id,
  reason: `because of ${id}`,
  by: { id: 'a-1', role: 'manager', unit: 'r' },
});

export function freezesContract(name: string, prepare: () => Promise<FreezesUnderTest>): void {
  describe(`freezes: ${name}`, () => {
    let under: FreezesUnderTest;
    let store: FreezeStore;

    beforeEach(async () => {
      under = await prepare();
      store = await under.open();
    });
    afterEach(async () => {
      await store.close();
      await under.drop();
    });

    const freezes = (delayMs = 0): Freezes => new Freezes(store, { delayMs });

    it('has none of an election at first', async () => {
      expect(await store.read('e-1')).toEqual(NO_FREEZES);
      expect(await freezes().list('e-1')).toEqual([]);
      expect(await freezes().standing('e-1')).toBeNull();
      expect(await freezes().lift('e-1', order('l-1'))).toBeNull();
    });

    it('freezes, settles where, and lifts; all of it is kept, over a restart too', async () => {
      const made = await freezes().freeze('e-1', order('f-1'));
      expect(made).toMatchObject({ ...order('f-1'), position: null, lifted: null });
      expect(await freezes().settle('e-1', made!, '0:12')).toEqual({ ...made, position: '0:12' });
      expect(await freezes().settle('e-1', made!, '0:99')).toMatchObject({ position: '0:12' });
      expect(await freezes().lift('e-1', order('l-1'))).toMatchObject({ id: 'f-1', lifted: order('l-1') });
      const second = await freezes().freeze('e-1', order('f-2'));
      await store.close();
      store = await under.open();
      expect(await freezes().list('e-1')).toEqual([
        expect.objectContaining({ id: 'f-1', position: '0:12', lifted: expect.objectContaining(order('l-1')) }),
        second,
      ]);
      expect(await freezes().standing('e-1')).toEqual(second);
      expect(await freezes().list('e-2')).toEqual([]);
    });

    it('takes an order once, however often it comes', async () => {
      const made = await freezes().freeze('e-1', order('f-1'));
      expect(await freezes().freeze('e-1', order('f-1'))).toEqual(made);
      expect(await freezes().freeze('e-1', order('f-2'))).toBeNull();
      const lifted = await freezes().lift('e-1', order('l-1'));
      expect(await freezes().lift('e-1', order('l-1'))).toEqual(lifted);
      expect(await freezes().freeze('e-1', order('f-1'))).toEqual(lifted);
      expect(await freezes().lift('e-1', order('l-2'))).toBeNull();
      expect(await freezes().list('e-1')).toHaveLength(1);
    });

    it('stands from its moment on', async () => {
      const later = freezes(60_000);
      const made = await later.freeze('e-1', order('f-1'));
      expect(Date.parse(made!.from)).toBeGreaterThan(Date.now() + 50_000);
      expect(await later.standing('e-1')).toBeNull();
      expect(await later.lift('e-1', order('l-1'))).toMatchObject({ id: 'f-1' });
    });

    it('lets one of many who order at once freeze', async () => {
      const made = await Promise.all(
        Array.from({ length: 8 }, (_, i) => new Freezes(store, { delayMs: 0 }).freeze('e-1', order(`f-${i}`))),
      );
      const frozen = made.filter((one) => one !== null);
      expect(frozen).toHaveLength(1);
      expect(await freezes().list('e-1')).toEqual(frozen);
      const at = await Promise.all(['0:1', '0:2', '0:3'].map((place) => freezes().settle('e-1', frozen[0]!, place)));
      expect(new Set(at.map(({ position }) => position)).size).toBe(1);
    });
  });
}
