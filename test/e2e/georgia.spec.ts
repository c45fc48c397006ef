import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readPackage } from '#definition';
import type { IntakeResult } from '#intake';
import {
  childrenAnswer,
  findingRows,
  fingerprint,
  replayElection,
  resultsAnswer,
  resultsCsv,
  type ServedElection,
  View,
} from '#projection';
import type { Installation } from '../../apps/server/installation.ts';
import { openEmbedded } from '../../apps/standalone/embedded.ts';

const root = new URL('../../', import.meta.url).pathname;
const work = mkdtempSync(join(tmpdir(), 'tally-georgia-'));
const actor = { id: 'local', role: 'clerk', unit: 'GE' } as const;
type Line = Record<string, string>;
let tally: Installation;
let served: ServedElection;
let lines: unknown[];

/** A line of the sheets' CSV as the sheet it says. */
function sheetOf(line: Line): unknown {
  const { station, contest, ...figures } = line;
  const given = Object.entries(figures).filter(([, text]) => text !== '');
  const part = (votes: boolean) =>
    Object.fromEntries(
      given.flatMap(([name, text]) =>
        name.startsWith('votes.') === votes ? [[votes ? name.slice(6) : name, Number(text)] as const] : [],
      ),
    );
  return { id: randomUUID(), station, contest, fields: part(false), votes: part(true), reason: 'import sheets.csv' };
}

async function importAll(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let from = 0; from < lines.length; from += 1_000) {
    const results = await tally.intake.submitMany(served, lines.slice(from, from + 1_000), () => actor, { bulk: true });
    for (const result of results) counts[wordFor(result)] = (counts[wordFor(result)] ?? 0) + 1;
  }
  return counts;
}

function wordFor(result: IntakeResult): string {
  return result.kind === 'settled' ? (result.attempt.rejection ?? result.attempt.status ?? 'none') : result.kind;
}

async function atNow<T>(read: (view: View) => Promise<T>): Promise<T> {
  const model = await tally.projection.model('georgia-2013');
  const view = await View.open(served, model!);
  return read(view).finally(() => view.close());
}

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'examples/georgia-2013/make.mjs'), work, '--shards', '4']);
  lines = (parse(readFileSync(join(work, 'sheets.csv')), { columns: true }) as Line[]).map(sheetOf);
  const pack = await readPackage(join(work, 'package'));
  if (!pack.ok) throw new Error(JSON.stringify(pack.problems, null, 1));
  tally = await openEmbedded(join(work, 'data'), { command: 'test' });
  const { definition, digest, bytes } = pack;
  const opened = await tally.elections.open(
    { id: definition.id, shards: definition.shards, rootUnit: 'GE', digest, bytes },
    { id: 'local', role: 'manager', unit: 'GE' },
    new Date(),
  );
  if (opened.outcome === 'other-package') throw new Error('another package is open');
  served = opened.served;
  await tally.projection.serve(served);
});

afterAll(async () => {
  await tally?.close();
  rmSync(work, { recursive: true, force: true });
});

describe('Georgia 2013', () => {
  it('takes all 3,707 protocols in, and none of them twice', async () => {
    expect(await importAll()).toEqual({ accepted: 3_707 });
    expect(await importAll()).toEqual({ unchanged: 3_707 });
  });

  it('gives every candidate the published share in the country, every region and every district', async () => {
    const published = parse(readFileSync(join(root, 'examples/georgia-2013/source/upload_2013_official_pres.csv')), {
      columns: true,
    }) as Line[];
    const election = served.election;
    let shares = 0;
    for (const row of published) {
      if (!/^(Country|Region|District|Tbilisi District)$/.test(row.shape!) || row.common_id === '999') continue;
      const unit = election.units.find(
        ({ code, row: { name, level } }) =>
          (row.shape === 'Country' && code === 'GE') ||
          (row.shape === 'Region' && level === 'region' && name === row.common_name) ||
          code === `D${row.shape!.endsWith('District') ? row.common_id : ''}`,
      );
      const answer = await atNow((view) => resultsAnswer(view, { unit: unit! }));
      const totals = answer.nodes[0]!.tracks.provisional!;
      for (const candidate of election.contests[0]!.candidates) {
        const share = (100 * totals.votes[candidate.number]!) / totals.shareOf!;
        expect(Math.abs(share - Number(row[candidate.name]))).toBeLessThan(0.000051);
        shares += 1;
      }
    }
    expect(shares).toBe(23 * (1 + 12 + 74));
  });

  it('fires the four rules as often as the data breaks them', async () => {
    const counts: Record<string, number> = {};
    await atNow(async (view) => {
      for await (const { rule } of findingRows(view)) counts[rule] = (counts[rule] ?? 0) + 1;
    });
    expect(counts).toEqual({
      'ballots.fewer-than-signed': 424,
      'ballots.more-than-signed': 4,
      'voters.more-than-listed': 1,
      'ballots.received-too-few': 2,
    });
  });

  it('has the fingerprint of its CSV, whose rows are sorted', async () => {
    const chunks: string[] = [];
    await atNow(async (view) => {
      for await (const chunk of resultsCsv(view, { unit: served.election.root, depth: 'all' })) chunks.push(chunk);
    });
    const text = chunks.join('');
    const rows = text.trimEnd().split('\n').slice(1);
    expect(rows).toEqual([...rows].sort());
    expect(await atNow((view) => fingerprint(view))).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('adds up: the units below make the unit', async () => {
    const sum = (await atNow((view) => childrenAnswer(view, { unit: served.election.root }))).nodes.reduce(
      (votes, node) => votes + (node.tracks.provisional?.votes['41'] ?? 0),
      0,
    );
    const whole = await atNow((view) => resultsAnswer(view, { unit: served.election.root }));
    expect(whole.nodes[0]!.tracks.provisional!.votes['41']).toBe(sum);
    expect(whole.nodes[0]!.progress).toMatchObject({ stations: 3_707, received: 3_707, counted: 3_707, held: 0 });
  });

  it('is rebuilt beside the live model without a difference, and switched', async () => {
    const before = await atNow((view) => fingerprint(view));
    const report = await replayElection(tally, served, { switch: true });
    expect(report).toMatchObject({ different: 0, live: before, rebuilt: before, switched: true });
    expect(report.compared).toBe(served.election.units.length);
    expect(await atNow((view) => fingerprint(view))).toBe(before);
  });
});
