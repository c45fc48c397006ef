/** Imports into a real log, with the embedded adapters. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readPackage, writeTemplate } from '#definition';
import type { Actor, Contest } from '#domain';
import type { EventLogs } from '#event-log';
import { openEmbeddedLogs } from '#event-log/embedded';
import { Elections, Projector, type ServedElection } from '#projection';
import type { ReadModels } from '#read-model';
import { openEmbeddedModels } from '#read-model/embedded';
import { type ImportOptions, type ImportTrouble, importSheets, type SheetSink } from './import.ts';
import { intakeSink } from './import-sink.ts';
import { Intake } from './intake.ts';
import type { SheetFileLine } from './sheet-line.ts';

async function* lines(items: readonly unknown[]): AsyncGenerator<SheetFileLine> {
  for (const [i, raw] of items.entries()) yield { line: i + 1, raw };
}

const options = (more: Partial<ImportOptions> = {}): ImportOptions => ({ file: 'x.csv', ...more });

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function opened(entry: 'single' | 'double' = 'single') {
  const folder = await mkdtemp(join(tmpdir(), 'tally-import-'));
  const pack = join(folder, 'package');
  await writeTemplate('vietnam-2021', pack);
  const file = join(pack, 'election.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), entry }));
  const read = await readPackage(pack);
  if (!read.ok) throw new Error('the template is not sound');
  const logs: EventLogs = await openEmbeddedLogs(folder);
  const models: ReadModels = await openEmbeddedModels(folder);
  const elections = new Elections(logs);
  const projection = new Projector(elections, models);
  closers.push(async () => {
    await projection.stop();
    await models.close();
    await logs.close();
  });
  const { definition, digest, bytes } = read;
  const manager: Actor = { id: 'boss', role: 'manager', unit: '09' };
  const outcome = await elections.open(
    { id: definition.id, shards: definition.shards, rootUnit: '09', digest, bytes },
    manager,
    new Date(),
  );
  if (outcome.outcome === 'other-package') throw new Error('not opened');
  await projection.serve(outcome.served);
  const sinkOf = (id: string): SheetSink =>
    intakeSink({
      intake: new Intake(projection),
      projection,
      served: outcome.served,
      actorFor: () => ({ id, role: 'clerk', unit: '09' }),
    });
  return { served: outcome.served, sinkOf };
}

/** Sheets of every station in every contest, with figures that break no rule. */
function sheetsOf({ election }: ServedElection, votes = 10): Record<string, unknown>[] {
  return election.contests.flatMap((contest) =>
    contest.stations.map((station) => ({ station: station.code, contest: contest.id, ...figures(contest, votes) })),
  );
}

function figures(contest: Contest, each: number): { fields: Record<string, number>; votes: Record<string, number> } {
  const numbers = contest.layout.candidates;
  const H = each * numbers.length;
  const roles: Record<string, number> = { C: H + 20, V: H, P: H, R: H, H, K: 0 };
  const fields = Object.fromEntries(
    contest.layout.fields.filter(({ optional }) => !optional).map(({ id }) => [id, roles[id] ?? 0]),
  );
  return { fields, votes: Object.fromEntries(numbers.map((number) => [number, each])) };
}

describe('an import into a log', () => {
  test('run again it changes nothing; A, B, A gives three revisions; ids that come again are unchanged', async () => {
    const { served, sinkOf } = await opened();
    const a = sheetsOf(served);
    const b = sheetsOf(served, 11);
    const sink = sinkOf('clerk');
    const run = (sheets: readonly unknown[]) => importSheets(lines(sheets), sink, options({ batch: 7 }));
    const first = await run(a);
    expect(first.accepted + first.held).toBe(a.length);
    expect(await run(a)).toMatchObject({ unchanged: a.length, accepted: 0, held: 0, refused: 0 });
    const second = await run(b);
    expect(second.accepted + second.held).toBe(b.length);
    const third = await run(a);
    expect(third.accepted + third.held).toBe(a.length);
    const named = { ...b[0], id: '6f1c1d9e-3c35-4c8d-9b0c-0d5a2f2b7a11', reason: 'named' };
    expect((await run([named])).unchanged).toBe(0);
    expect(await run([{ ...named }])).toMatchObject({ unchanged: 1 });
  });

  test('lines about one sheet in one file are settled in their order', async () => {
    const { served, sinkOf } = await opened();
    const [a] = sheetsOf(served);
    const [b] = sheetsOf(served, 11);
    const summary = await importSheets(lines([a, b, a, a]), sinkOf('clerk'), options());
    expect(summary.accepted + summary.held).toBe(3);
    expect(summary.unchanged).toBe(1);
  });

  test('a stale revision is a conflict, another content under an id is refused, bad structure tells every problem', async () => {
    const { served, sinkOf } = await opened();
    const [a] = sheetsOf(served);
    const [b] = sheetsOf(served, 11);
    const id = '6f1c1d9e-3c35-4c8d-9b0c-0d5a2f2b7a11';
    const told: ImportTrouble[] = [];
    const summary = await importSheets(
      lines([
        { ...a, id },
        { ...b, id },
        { ...b, expectedRevision: 0 },
        { ...a, station: 'nowhere', fields: {} },
        'text',
      ]),
      sinkOf('clerk'),
      options({ onTrouble: (trouble) => void told.push(trouble) }),
    );
    expect(summary).toMatchObject({ conflict: 1, refused: 3, lines: 5 });
    expect(told.map(({ line, outcome, problems }) => [line, outcome, problems[0]?.code])).toEqual([
      [2, 'refused', 'idempotency-conflict'],
      [3, 'conflict', 'stale-revision'],
      [4, 'refused', 'unknown-station'],
      [5, 'refused', 'not-an-object'],
    ]);
    expect(told[2]!.problems.length).toBeGreaterThan(2);
  });

  test('in double entry the second file comes from another account', async () => {
    const { served, sinkOf } = await opened('double');
    const a = sheetsOf(served);
    const run = (id: string, sheets: readonly unknown[]) => importSheets(lines(sheets), sinkOf(id), options());
    expect(await run('anna', a)).toMatchObject({ awaiting: a.length });
    expect(await run('anna', a)).toMatchObject({ unchanged: a.length });
    const other = [sheetsOf(served, 11)[0], ...a.slice(1)];
    const second = await run('binh', other);
    expect(second.disputed).toBe(1);
    expect(second.accepted + second.held).toBe(a.length - 1);
  });
});
