import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../../standalone/testing/town.ts';
import { inGroups } from './groups.ts';

let town: Town;
beforeAll(async () => {
  town = await Town.open();
});
afterAll(() => town.close());

interface Line {
  line: number;
  outcome: string;
  revision?: number;
  rejection?: string;
  position?: string;
  problems?: { pointer: string; code: string }[];
  attempt?: string;
  receipt?: string;
}

async function batch(text: string | Uint8Array, { token = town.tokens.clerk, query = '' } = {}): Promise<Line[]> {
  const {
    text: answer,
    headers,
    status,
  } = await town.call('POST', `sheets:batch${query}`, {
    token,
    raw: text,
    type: 'application/x-ndjson',
  });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('application/x-ndjson');
  return answer
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

/** A sheet as a file has it: neither id nor expected revision. */
function fileLine(
  station: string,
  votes: Record<string, number>,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const { id: _id, expectedRevision: _revision, ...sheet } = sheetOf(station, votes, more);
  return sheet;
}

const text = (...lines: unknown[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');

describe('POST …/sheets:batch', () => {
  it('answers a line for a line; again it is harmless; A, B, A makes three revisions', async () => {
    const a = text(
      fileLine('s-1', { 1: 1, 2: 2 }, { reason: 'import a' }),
      fileLine('s-2', { 1: 3, 2: 4 }, { reason: 'import a' }),
    );
    const b = text(fileLine('s-1', { 1: 9, 2: 2 }, { reason: 'import b' }));
    expect((await batch(a)).map(({ line, outcome }) => [line, outcome])).toEqual([
      [1, 'accepted'],
      [2, 'accepted'],
    ]);
    expect((await batch(a)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
    expect(await batch(b)).toMatchObject([{ outcome: 'accepted', revision: 2 }]);
    expect(await batch(a)).toMatchObject([{ outcome: 'accepted', revision: 3 }, { outcome: 'unchanged' }]);
  });

  it('refuses a bad line with its number and goes on', async () => {
    const good = (n: number) => fileLine('s-3', { 1: n, 2: 1 }, { reason: `n ${n}` });
    const broken = (from: string, to: string) => JSON.stringify(fileLine('s-4', { 1: 1, 2: 1 })).replace(from, to);
    const lines = [
      good(1),
      broken('"s-4"', '"s-99"'),
      broken('"1":1', '"1":-1'),
      broken('"1":1', '"1":1.5'),
      broken('"1":1', '"1":1234.0'),
      broken('"1":1', '"1":"1,234"'),
      broken('"1":1', '"1":123456789012345678901234567890'),
      broken('"1":1', '"1":"=SUM(A1)"'),
      broken('"2":1}', '"2":1'),
      `{"station":"s-4"\0}`,
      `{"reason":"${'x'.repeat(1_000_000)}"}`,
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      '{"__proto__":{"station":"s-4"},"constructor":{}}',
      'null',
      '7',
      '"text"',
      { ...fileLine('s-4', { 1: 5, 2: 5 }), id: 'not-a-uuid' },
      fileLine('s-4', { 1: 5, 2: 5, 3: 5 }),
      fileLine('s-4', { 1: 5, 2: 5 }, { contest: 'board' }),
      '',
      good(2),
    ];
    const answers = await batch(text(...lines));
    expect(answers.map(({ line }) => line)).toEqual([...Array.from({ length: 19 }, (_, i) => i + 1), 21]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['accepted', ...Array(18).fill('refused'), 'accepted']);
    for (const { problems } of answers.slice(1, -1)) expect(problems?.[0]?.code).toMatch(/^[a-z-]+$/);
  });

  it('tells conflicts, repeats and missing reasons apart', async () => {
    const id = randomUUID();
    const first = { ...fileLine('s-4', { 1: 7, 2: 7 }), id };
    const answers = await batch(
      text(
        first,
        first,
        { ...first, votes: { 1: 8, 2: 7 } },
        fileLine('s-4', { 1: 6, 2: 7 }),
        sheetOf('s-4', { 1: 1, 2: 1 }, { expectedRevision: 0 }),
      ),
    );
    expect(answers.map(({ outcome, rejection }) => [outcome, rejection])).toEqual([
      ['accepted', undefined],
      ['unchanged', 'repeat'],
      ['refused', 'idempotency-conflict'],
      ['refused', 'reason-required'],
      ['conflict', 'stale-revision'],
    ]);
  });

  it('holds what the rules hold, and refuses what lies outside the area', async () => {
    const { token } = await town.installation.accounts.add({ role: 'clerk', unit: 'c-1' });
    const held = {
      ...fileLine('s-1', { 1: 1, 2: 1 }, { contest: 'board', votes: { 1: 1, 2: 1, 3: 1 } }),
      fields: { V: 5, H: 9 },
    };
    const answers = await batch(text(held, fileLine('s-3', { 1: 1, 2: 1 })), { token });
    expect(answers).toMatchObject([
      { outcome: 'held', revision: 1 },
      { outcome: 'refused', problems: [{ code: 'not-permitted' }] },
    ]);
  });

  it('answers while the sender is still sending', async () => {
    const answered = await new Promise<Line>((resolve, reject) => {
      const sending = httpRequest(`${town.server.url}/api/v1/elections/${town.election}/sheets:batch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${town.tokens.clerk}`, 'content-type': 'application/x-ndjson' },
      });
      sending.on('response', (response) => {
        response.once('data', (chunk: Buffer) => {
          resolve(JSON.parse(chunk.toString().split('\n')[0]!) as Line);
          sending.end();
          response.resume();
        });
      });
      sending.on('error', reject);
      sending.write(text(fileLine('s-2', { 1: 50, 2: 50 }, { reason: 'slow' })));
    });
    expect(answered).toMatchObject({ line: 1, outcome: 'accepted' });
  });

  it('takes thousands of lines, in order', async () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => fileLine('s-1', { 1: n % 900, 2: 3 }, { reason: `n ${n}` }));
    const answers = await batch(text(...lines));
    expect(answers.map(({ line }) => line)).toEqual(lines.map((_, i) => i + 1));
    const { json } = await town.get('sheets/s-1/mayor');
    expect(json.standing.votes[1]).toBe(4_999 % 900);
    expect(answers.at(-1)?.revision).toBe(json.revision);
  });

  it('wants NDJSON and an account', async () => {
    expect((await town.call('POST', 'sheets:batch', { token: town.tokens.clerk, body: {} })).json.code).toBe(
      'unsupported-media-type',
    );
    expect((await town.call('POST', 'sheets:batch', { raw: '{}', type: 'application/x-ndjson' })).status).toBe(401);
    expect(await batch('')).toEqual([]);
    expect(await batch('\n\n  \n')).toEqual([]);
  });
});

describe('inGroups', () => {
  it('gives full groups, and what there is at the deadline', async () => {
    async function* numbers(): AsyncGenerator<number> {
      for (let n = 1; n <= 5; n += 1) yield n;
      await new Promise((resolve) => setTimeout(resolve, 60));
      yield 6;
    }
    const groups: number[][] = [];
    for await (const group of inGroups(numbers(), { most: 2, ms: 20 })) groups.push(group);
    expect(groups).toEqual([[1, 2], [3, 4], [5], [6]]);
  });

  it('passes on what its source throws', async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error('cut');
    }
    const groups = inGroups(failing(), { most: 5, ms: 20 });
    await expect(groups.next()).rejects.toThrow('cut');
  });
});

describe('receipts of a batch', () => {
  it('names the receipt of each line that was taken in, held or not, and of no other', async () => {
    const { revision } = (await town.get('sheets/s-4/mayor', 'clerk')).json;
    const next = (n: number) => ({ expectedRevision: revision + n, reason: 'recount' });
    const taken = [sheetOf('s-4', { 1: 101, 2: 1 }, next(0)), sheetOf('s-4', { 1: 102, 2: 1 }, next(1))];
    const held = sheetOf('s-4', { 1: 103, 2: 1 }, { ...next(2), fields: { V: 1, H: 104 } });
    const lines = await batch(
      text(...taken, held, taken[1], { ...held, expectedRevision: revision, id: randomUUID() }, 'x'),
    );
    expect(lines.map(({ outcome }) => outcome)).toEqual([
      'accepted',
      'accepted',
      'held',
      'unchanged',
      'conflict',
      'refused',
    ]);
    for (const { receipt, attempt } of lines.slice(0, 3)) {
      const { json } = await town.get(`receipts/${receipt}`);
      expect(json).toMatchObject({ id: receipt, attempt, note: expect.stringContaining(`\n${attempt}\n`) });
    }
    for (const { receipt } of lines.slice(3)) expect(receipt).toBeUndefined();
    expect((await town.submit(taken[0]!)).json.receipt.id).toBe(lines[0]!.receipt);
  });

  it('are in its answer, signed, where they are asked for', async () => {
    const { revision } = (await town.get('sheets/s-4/mayor', 'clerk')).json;
    const sheet = sheetOf('s-4', { 1: 104, 2: 1 }, { expectedRevision: revision, reason: 'recount' });
    const [line] = await batch(text(sheet), { query: '?receipts=signed' });
    expect(line!.receipt).toEqual((await town.submit(sheet)).json.receipt);
    const [known] = await batch(text(sheet), { query: '?receipts=signed' });
    expect(known).toMatchObject({ outcome: 'unchanged' });
    expect(known).not.toHaveProperty('receipt');
  });
});
