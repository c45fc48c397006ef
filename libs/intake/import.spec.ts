import { describe, expect, test } from '@jest/globals';
import {
  type ImportOptions,
  type ImportTrouble,
  ImportUnsettledError,
  importSheets,
  type SheetSink,
  type SinkAnswer,
} from './import.ts';
import type { SheetFileLine } from './sheet-line.ts';

async function* lines(items: readonly unknown[]): AsyncGenerator<SheetFileLine> {
  for (const [i, raw] of items.entries()) yield { line: i + 1, raw };
}

type Sent = { id: string; station: string; contest: string; reason: string };

class TestSink implements SheetSink {
  readonly sent: Sent[][] = [];
  most = 0;
  #busy = 0;
  readonly #answer: (sheet: Sent, call: number) => SinkAnswer;
  readonly #earlier: SinkAnswer | undefined;

  constructor(answer: (sheet: Sent, call: number) => SinkAnswer, earlier?: SinkAnswer) {
    this.#answer = answer;
    this.#earlier = earlier;
  }

  async submit(sheets: readonly unknown[]): Promise<SinkAnswer[]> {
    const call = this.sent.push(sheets as Sent[]);
    this.#busy += 1;
    this.most = Math.max(this.most, this.#busy);
    await new Promise((resolve) => setImmediate(resolve));
    this.#busy -= 1;
    return (sheets as Sent[]).map((sheet) => this.#answer(sheet, call));
  }

  async earlier(): Promise<SinkAnswer | undefined> {
    return this.#earlier;
  }
}

const sheet = (n: number): { station: string; contest: string } => ({ station: `s${n}`, contest: 'c' });
const options = (more: Partial<ImportOptions> = {}): ImportOptions => ({
  file: 'x.csv',
  wait: async () => undefined,
  ...more,
});
const ACCEPTED: SinkAnswer = { outcome: 'accepted' };
const UNKNOWN: SinkAnswer = { outcome: 'unknown', why: 'the line is dead' };

describe('an import', () => {
  test('gives each line an id and a reason where it has none, and keeps those it has', async () => {
    const sink = new TestSink(() => ACCEPTED);
    await importSheets(lines([sheet(1), { ...sheet(2), id: 'mine', reason: 'because' }]), sink, options());
    expect(sink.sent[0]).toEqual([
      { ...sheet(1), id: expect.stringMatching(/^[0-9a-f-]{36}$/), reason: 'import x.csv' },
      { ...sheet(2), id: 'mine', reason: 'because' },
    ]);
  });

  test('sends what is not known again with the same id, alone, until it is known', async () => {
    const sink = new TestSink((one, call) => (one.station === 's2' && call < 4 ? UNKNOWN : ACCEPTED));
    const summary = await importSheets(lines([sheet(1), sheet(2), sheet(3)]), sink, options());
    expect(summary).toMatchObject({ accepted: 3, lines: 3 });
    expect(sink.sent.map((batch) => batch.map(({ station }) => station))).toEqual([
      ['s1', 's2', 's3'],
      ['s2'],
      ['s2'],
      ['s2'],
    ]);
    expect(
      new Set(sink.sent.flatMap((batch) => batch.filter(({ station }) => station === 's2').map(({ id }) => id))).size,
    ).toBe(1);
  });

  test('counts a line that had arrived before its retry as what it became then', async () => {
    const sink = new TestSink((_, call) => (call === 1 ? UNKNOWN : { outcome: 'unchanged' }), { outcome: 'held' });
    expect(await importSheets(lines([sheet(1)]), sink, options())).toMatchObject({ held: 1, unchanged: 0 });
  });

  test('gives up at the deadline and says what is known', async () => {
    const sink = new TestSink((one) => (one.station === 's2' ? UNKNOWN : ACCEPTED));
    const work = importSheets(lines([sheet(1), sheet(2)]), sink, options({ batch: 1, deadlineMs: 0 }));
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImportUnsettledError);
    expect((error as ImportUnsettledError).message).toContain('the line is dead');
    expect((error as ImportUnsettledError).summary).toMatchObject({ accepted: 1 });
  });

  test('never has two lines of one sheet in flight, and has several batches', async () => {
    const open = new Set<string>();
    const sink = new TestSink(() => ACCEPTED);
    const watched: SheetSink = {
      ...sink,
      earlier: async () => undefined,
      async submit(sheets) {
        const keys = (sheets as Sent[]).map(({ station }) => station);
        for (const key of keys) expect(open.has(key)).toBe(false);
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys) open.add(key);
        const answers = await sink.submit(sheets);
        for (const key of keys) open.delete(key);
        return answers;
      },
    };
    const many = Array.from({ length: 200 }, (_, i) => sheet(i % 37));
    expect(await importSheets(lines(many), watched, options({ batch: 10 }))).toMatchObject({
      accepted: 200,
      lines: 200,
    });
    expect(sink.most).toBeGreaterThan(1);
    expect(sink.most).toBeLessThanOrEqual(3);
    expect(sink.sent.flat().map(({ station }) => station)).toEqual(many.map(({ station }) => station));
  });

  test('tells refused and conflicting lines in the order of the file', async () => {
    const told: ImportTrouble[] = [];
    const no = (outcome: 'conflict' | 'refused'): SinkAnswer => ({
      outcome,
      problems: [{ pointer: '', code: outcome, message: 'No.' }],
    });
    const sink = new TestSink(({ station }) =>
      station === 's3' ? no('conflict') : station === 's5' ? no('refused') : ACCEPTED,
    );
    async function* mixed(): AsyncGenerator<SheetFileLine> {
      yield { line: 2, raw: sheet(2) };
      yield { line: 3, raw: sheet(3) };
      yield { line: 4, problems: [{ pointer: '', code: 'ragged-row', message: 'Ragged.' }] };
      yield { line: 5, raw: sheet(5) };
    }
    const summary = await importSheets(
      mixed(),
      sink,
      options({ batch: 1, onTrouble: (trouble) => void told.push(trouble) }),
    );
    expect(summary).toMatchObject({ accepted: 1, conflict: 1, refused: 2, lines: 4 });
    expect(told.map(({ line, outcome }) => [line, outcome])).toEqual([
      [3, 'conflict'],
      [4, 'refused'],
      [5, 'refused'],
    ]);
  });

  test('stops in order when asked to: what is in flight is settled, nothing more is sent', async () => {
    const stop = new AbortController();
    const sink = new TestSink(() => ACCEPTED);
    const work = importSheets(
      lines(Array.from({ length: 100 }, (_, i) => sheet(i))),
      sink,
      options({
        batch: 5,
        signal: stop.signal,
        onProgress: () => stop.abort(),
      }),
    );
    const summary = await work;
    expect(summary.accepted).toBe(sink.sent.flat().length);
    expect(summary.accepted).toBeLessThan(100);
  });

  test('ends with what the sink or the file throws', async () => {
    const broken = new TestSink(() => {
      throw new Error('not allowed');
    });
    await expect(importSheets(lines([sheet(1)]), broken, options())).rejects.toThrow('not allowed');
    async function* unreadable(): AsyncGenerator<SheetFileLine> {
      yield { line: 1, raw: sheet(1) };
      throw new Error('disk error');
    }
    await expect(importSheets(unreadable(), new TestSink(() => ACCEPTED), options())).rejects.toThrow('disk error');
  });
});
