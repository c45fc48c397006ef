/**
 * What every adapter of the log promises, as a suite: `eventLogContract('embedded (lmdb)', makeHarness)`.
 *
 * Each test gets a store of its own. What is particular to one kind of store (a full disk, a lost broker) is for that
 * adapter's own specs.
 */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_EVENT_BYTES } from '#domain';
import type { EventLog, EventLogs, LogRecord, NewRecord } from './port.ts';

/** One store, which a test opens, closes and opens again. */
export interface EventLogHarness {
  /** Opens the store as it is, empty at first. At most one is open at a time. */
  open(clock?: () => number): Promise<EventLogs>;
  /** Removes the store. Whatever is open was closed. */
  dispose(): Promise<void>;
}

export interface EventLogTraits {
  /** Whether `open` heeds its clock: a store that stamps records by itself has none to set. Default true. */
  readonly clocked?: boolean;
}

const ELECTION = 'demo-2026';
const DAY = 86_400_000;

export function eventLogContract(
  name: string,
  makeHarness: () => Promise<EventLogHarness>,
  { clocked = true }: EventLogTraits = {},
): void {
  describe(`event log: ${name}`, () => {
    let harness: EventLogHarness;
    let logs: EventLogs;
    let log: EventLog;
    let now: number;

    const reopen = async () => {
      await logs.close();
      logs = await harness.open(() => now);
      log = (await logs.find(ELECTION))!;
    };

    beforeEach(async () => {
      now = Date.UTC(2026, 4, 23);
      harness = await makeHarness();
      logs = await harness.open(() => now);
      log = await logs.create(ELECTION, 3);
    });
    afterEach(async () => {
      await logs.close();
      await harness.dispose();
    });

    describe('appending', () => {
      it('gives each shard the offsets 0, 1, 2 … and says where each record lies', async () => {
        const appended = await log.append([record(0, 'a'), record(2, 'b'), record(0, 'c')]);
        expect(appended.map(({ shard, offset }) => [shard, offset])).toEqual([
          [0, 0],
          [2, 0],
          [0, 1],
        ]);
        expect((await log.append([record(0, 'd')]))[0]).toMatchObject({ shard: 0, offset: 2 });
        expect(await Promise.all([0, 1, 2].map((shard) => log.end(shard)))).toEqual([3, 0, 1]);
      });

      it('keeps key, bytes and log time as they were told', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
        const [told] = await log.append([{ shard: 1, key: 'Xã Đông-07', value: bytes }]);
        const [read] = await log.read(1, 0);
        expect({ ...read, value: hex(read!.value) }).toEqual({
          offset: 0,
          logTime: told!.logTime,
          key: 'Xã Đông-07',
          value: hex(bytes),
        });
      });

      it('keeps what was given, whatever the caller does with its buffer afterwards', async () => {
        const value = Buffer.from('first');
        const appending = log.append([{ shard: 0, key: 'K', value }]);
        value.write('other');
        await appending;
        expect(texts(await log.read(0, 0))).toEqual(['first']);
      });

      it('takes no records, an empty record, and one of 65,535 bytes', async () => {
        expect(await log.append([])).toEqual([]);
        await log.append([record(0, ''), { shard: 0, key: 'K', value: Buffer.alloc(MAX_EVENT_BYTES, 'x') }]);
        expect((await log.read(0, 0)).map(({ value }) => value.length)).toEqual([0, MAX_EVENT_BYTES]);
      });

      it('keeps the order of a shard under concurrent appends, without a gap', async () => {
        const calls = Array.from({ length: 120 }, (_, call) =>
          log.append(Array.from({ length: 1 + (call % 4) }, (_, i) => record((call + i) % 3, `${call}/${i}`))),
        );
        const appended = await Promise.all(calls);
        for (const shard of [0, 1, 2]) {
          const records = await log.read(shard, 0);
          expect(records.map(({ offset }) => offset)).toEqual(records.map((_, i) => i));
          expect(records.length).toBe(await log.end(shard));
          appended.forEach((places, call) => {
            const own = places.flatMap((place, i) => (place.shard === shard ? [{ ...place, i }] : []));
            for (const { offset, i } of own) expect(text(records[offset]!)).toBe(`${call}/${i}`);
            expect(own.map(({ offset }) => offset)).toEqual(own.map(({ offset }) => offset).sort((a, b) => a - b));
          });
        }
      });

      it('refuses a larger record by name, and stores nothing of that append', async () => {
        const large = { shard: 0, key: 'K', value: Buffer.alloc(MAX_EVENT_BYTES + 1) };
        await expect(log.append([record(0, 'small'), large])).rejects.toMatchObject({ code: 'record-too-large' });
        expect(await log.end(0)).toBe(0);
        expect((await log.append([record(0, 'next')]))[0]!.offset).toBe(0);
      });

      it('refuses a shard there is not, and stores nothing of that append', async () => {
        for (const shard of [3, -1, 0.5])
          await expect(log.append([record(0, 'a'), record(shard, 'b')])).rejects.toMatchObject({
            code: 'unknown-shard',
          });
        expect(await log.end(0)).toBe(0);
      });
    });

    describe('log time', () => {
      it('never goes back within a shard', async () => {
        const times: number[] = [];
        for (let i = 0; i < 5; i += 1) times.push((await log.append([record(0, String(i))]))[0]!.logTime);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      });

      if (clocked) {
        it('is the clock, or the time before it where the clock jumps back', async () => {
          const start = now;
          const append = async (shard: number) => (await log.append([record(shard, 'x')]))[0]!.logTime;
          expect(await append(0)).toBe(start);
          now = start - DAY;
          expect(await append(0)).toBe(start);
          expect(await append(1)).toBe(start - DAY);
          await reopen();
          expect(await append(0)).toBe(start);
          now = start + 5;
          expect(await append(0)).toBe(start + 5);
          expect((await log.read(0, 0)).map(({ logTime }) => logTime)).toEqual([start, start, start, start + 5]);
        });
      }
    });

    describe('reading', () => {
      beforeEach(async () => {
        await log.append(Array.from({ length: 10 }, (_, i) => record(0, String(i).repeat(100))));
      });

      it('starts at an offset, ends at the end, and is empty beyond it', async () => {
        expect((await log.read(0, 7)).map(({ offset }) => offset)).toEqual([7, 8, 9]);
        expect(await log.read(0, 10)).toEqual([]);
        expect(await log.read(0, 1_000)).toEqual([]);
        expect(await log.read(1, 0)).toEqual([]);
      });

      it('returns at most so many records', async () => {
        expect((await log.read(0, 2, { maxRecords: 3 })).map(({ offset }) => offset)).toEqual([2, 3, 4]);
      });

      it('stops after the record that passes so many bytes, but returns at least one', async () => {
        expect((await log.read(0, 0, { maxBytes: 250 })).map(({ offset }) => offset)).toEqual([0, 1, 2]);
        expect((await log.read(0, 4, { maxBytes: 0 })).map(({ offset }) => offset)).toEqual([4]);
      });

      it('reads the same again, byte for byte', async () => {
        const first = await log.read(0, 0);
        expect(plain(await log.read(0, 0))).toEqual(plain(first));
      });

      it('refuses a shard there is not', async () => {
        await expect(log.read(3, 0)).rejects.toMatchObject({ code: 'unknown-shard' });
        await expect(log.end(3)).rejects.toMatchObject({ code: 'unknown-shard' });
      });
    });

    describe('waiting for a record', () => {
      it('ends when one is appended', async () => {
        const waiting = log.read(1, 0, { waitMs: 60_000 });
        await log.append([record(1, 'here')]);
        expect(texts(await waiting)).toEqual(['here']);
      });

      it('wakes every reader of the shard', async () => {
        const waiting = [1, 2, 3].map(() => log.read(1, 0, { waitMs: 60_000 }));
        await log.append([record(1, 'here')]);
        for (const read of waiting) expect(texts(await read)).toEqual(['here']);
      });

      it('goes on while others than the one waited for come', async () => {
        const waiting = log.read(1, 1, { waitMs: 60_000 });
        await log.append([record(0, 'other shard'), record(1, 'before it')]);
        await log.append([record(1, 'this one')]);
        expect(texts(await waiting)).toEqual(['this one']);
      });

      it('does not wait where there is one', async () => {
        await log.append([record(1, 'here')]);
        expect(texts(await log.read(1, 0, { waitMs: 60_000 }))).toEqual(['here']);
      });

      it('ends empty when the time is over', async () => {
        expect(await log.read(1, 0, { waitMs: 20 })).toEqual([]);
      });

      it('ends with what there is when it is given up', async () => {
        const giveUp = new AbortController();
        const waiting = log.read(1, 0, { waitMs: 60_000, signal: giveUp.signal });
        giveUp.abort();
        expect(await waiting).toEqual([]);
        expect(await log.read(1, 0, { waitMs: 60_000, signal: giveUp.signal })).toEqual([]);
      });

      it('ends when the logs are closed', async () => {
        const waiting = log.read(1, 0, { waitMs: 60_000 });
        const ended = expect(waiting).rejects.toMatchObject({ code: 'log-unavailable' });
        await logs.close();
        await ended;
      });
    });

    it('has everything, byte for byte, when it is opened again', async () => {
      for (let round = 0; round < 5; round += 1)
        await log.append(Array.from({ length: 200 }, (_, i) => record(i % 3, `${round}:${i}`.padEnd(i * 3, 'đ'))));
      const before = await Promise.all([0, 1, 2].map((shard) => log.read(shard, 0)));
      await reopen();
      const after = await Promise.all([0, 1, 2].map((shard) => log.read(shard, 0)));
      expect(after.map(plain)).toEqual(before.map(plain));
      expect(log).toMatchObject({ election: ELECTION, shards: 3 });
      expect((await log.append([record(0, 'next')]))[0]!.offset).toBe(before[0]!.length);
    });

    it('gives back any records in any pieces', async () => {
      const election = fc.sample(fc.uuid(), 1)[0]!;
      const big = await logs.create(election, 2);
      const written: NewRecord[][] = [[], []];
      const anyRecord = fc.record({
        shard: fc.integer({ min: 0, max: 1 }),
        key: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
        value: fc.uint8Array({ maxLength: 3_000 }),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(anyRecord, { maxLength: 8 }), { maxLength: 5 }),
          fc.integer({ min: 1, max: 7 }),
          fc.integer({ min: 1, max: 4_000 }),
          async (appends, maxRecords, maxBytes) => {
            await Promise.all(appends.map((records) => big.append(records)));
            for (const entry of appends.flat()) written[entry.shard]!.push(entry);
            for (const shard of [0, 1]) {
              const read: LogRecord[] = [];
              while (read.length < (await big.end(shard)))
                read.push(...(await big.read(shard, read.length, { maxRecords, maxBytes })));
              expect(read.map(({ key, value }) => [key, hex(value)]).sort()).toEqual(
                written[shard]!.map(({ key, value }) => [key, hex(value)]).sort(),
              );
            }
          },
        ),
        { numRuns: 25 },
      );
    });

    describe('the logs of an installation', () => {
      it('are listed', async () => {
        expect(await logs.elections()).toEqual([ELECTION]);
        await logs.create('another-2026', 1);
        expect([...(await logs.elections())].sort()).toEqual(['another-2026', ELECTION]);
        await reopen();
        expect([...(await logs.elections())].sort()).toEqual(['another-2026', ELECTION]);
      });

      it('are found by election', async () => {
        expect(await logs.find(ELECTION)).toMatchObject({ election: ELECTION, shards: 3 });
        expect(await logs.find('unheard-of')).toBeUndefined();
      });

      it('are made once: making one again gives the one there is', async () => {
        await log.append([record(0, 'kept')]);
        const again = await logs.create(ELECTION, 3);
        expect(texts(await again.read(0, 0))).toEqual(['kept']);
        const [a, b] = await Promise.all([logs.create('twice', 2), logs.create('twice', 2)]);
        await a.append([record(0, 'there')]);
        expect(texts(await b.read(0, 0))).toEqual(['there']);
      });

      it('refuse another number of shards', async () => {
        await expect(logs.create(ELECTION, 4)).rejects.toMatchObject({ code: 'other-shards' });
      });

      it('keep their records apart', async () => {
        const other = await logs.create('another-2026', 3);
        await Promise.all([log.append([record(0, 'one')]), other.append([record(0, 'two')])]);
        expect(texts(await log.read(0, 0))).toEqual(['one']);
        expect(texts(await other.read(0, 0))).toEqual(['two']);
      });

      it('are of no use once closed', async () => {
        await logs.close();
        const closed = { code: 'log-unavailable' };
        await expect(log.append([record(0, 'late')])).rejects.toMatchObject(closed);
        await expect(log.read(0, 0)).rejects.toMatchObject(closed);
        await expect(log.end(0)).rejects.toMatchObject(closed);
        await expect(logs.find(ELECTION)).rejects.toMatchObject(closed);
        await expect(logs.create(ELECTION, 3)).rejects.toMatchObject(closed);
        await expect(logs.elections()).rejects.toMatchObject(closed);
        await logs.close();
      });

      it('store what was appended before they were closed', async () => {
        const appending = log.append([record(0, 'in time')]);
        await logs.close();
        await appending;
        logs = await harness.open();
        expect(texts(await (await logs.find(ELECTION))!.read(0, 0))).toEqual(['in time']);
      });
    });

    describe('definitions', () => {
      const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

      it('come back byte for byte, also large ones, also after opening again', async () => {
        const bytes = Buffer.alloc(12 * 1024 * 1024 + 17);
        for (let i = 0; i < bytes.length; i += 4_096) bytes.writeUInt32BE(i, Math.min(i, bytes.length - 4));
        await logs.putDefinition(ELECTION, digestOf(bytes), bytes);
        expect(digestOf((await logs.getDefinition(ELECTION, digestOf(bytes)))!)).toBe(digestOf(bytes));
        await reopen();
        expect(digestOf((await logs.getDefinition(ELECTION, digestOf(bytes)))!)).toBe(digestOf(bytes));
      });

      it('are kept by election and digest; one put again stays', async () => {
        const bytes = Buffer.from('{"format":1}');
        await Promise.all([
          logs.putDefinition(ELECTION, digestOf(bytes), bytes),
          logs.putDefinition(ELECTION, digestOf(bytes), bytes),
        ]);
        await logs.putDefinition(ELECTION, digestOf(bytes), bytes);
        expect(hex((await logs.getDefinition(ELECTION, digestOf(bytes)))!)).toBe(hex(bytes));
        expect(await logs.getDefinition('another-2026', digestOf(bytes))).toBeUndefined();
        expect(await logs.getDefinition(ELECTION, digestOf(Buffer.alloc(1)))).toBeUndefined();
      });

      it('may come before the log is made', async () => {
        const bytes = Buffer.from('early');
        await logs.putDefinition('to-come', digestOf(bytes), bytes);
        expect(await logs.find('to-come')).toBeUndefined();
        await logs.create('to-come', 1);
        expect(hex((await logs.getDefinition('to-come', digestOf(bytes)))!)).toBe(hex(bytes));
      });
    });
  });
}

function record(shard: number, content: string): NewRecord {
  return { shard, key: 'K', value: Buffer.from(content) };
}

function text({ value }: LogRecord): string {
  return Buffer.from(value).toString('utf8');
}

function texts(records: readonly LogRecord[]): string[] {
  return records.map(text);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function plain(records: readonly LogRecord[]): object[] {
  return records.map((entry) => ({ ...entry, value: hex(entry.value) }));
}
