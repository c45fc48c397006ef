/** What was changed behind the projection's back is found, and named by its place; what was not is left alone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLogs } from '#event-log';
import { openEmbeddedLogs } from '#event-log/embedded';
import type { AttemptDoc, ModelBatch, ReadModel, ReadModels, SheetDoc, TotalsDoc } from '#read-model';
import { openEmbeddedModels } from '#read-model/embedded';
import type { Author } from '../../test/kit/author.ts';
import { projectChanged, viewing } from '../../test/kit/models.ts';
import { openProvince } from '../../test/kit/opened.ts';
import { tale, write } from '../../test/kit/story.ts';
import { checkUnit, type Mismatch } from './check-unit.ts';
import type { ServedElection } from './elections.ts';

let folder: string;
let logs: EventLogs;
let models: ReadModels;
let served: ServedElection;
let author: Author;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-check-'));
  logs = await openEmbeddedLogs(folder);
  models = await openEmbeddedModels(folder);
  ({ served, author } = await openProvince(logs, 3));
  const records = write(author, tale(500, 5));
  await served.log.append(records.map(({ shard, key, value }) => ({ shard, key, value })));
});

afterEach(async () => {
  await models.close();
  await logs.close();
  await rm(folder, { recursive: true, force: true });
});

const modelWith = (damage: (batch: ModelBatch) => ModelBatch): Promise<ReadModel> =>
  projectChanged(served, models, damage);

const checked = async (model: ReadModel): Promise<Mismatch[]> =>
  viewing(served, model, async (view) => {
    const found: Mismatch[] = [];
    for (const unit of served.election.units) found.push(...(await checkUnit(view, unit)));
    return found;
  });

describe('checking every unit', () => {
  it('finds nothing where nothing was damaged, at any position', async () => {
    const model = await modelWith((batch) => batch);
    expect(await checked(model)).toEqual([]);
    const half = author.ends.map((end) => Math.floor(end / 2));
    await viewing(
      served,
      model,
      async (view) => {
        for (const unit of served.election.units) expect(await checkUnit(view, unit)).toEqual([]);
      },
      half,
    );
  });

  it('finds a total that was changed at its unit, and at the one above', async () => {
    const node = { unit: '', contest: '' };
    const isChosen = (doc: TotalsDoc): boolean => {
      const unit = served.election.unit(doc.unit)!;
      if (node.unit === '' && unit.level === 1 && doc.totals.provisional.sheets > 0)
        Object.assign(node, { unit: doc.unit, contest: doc.contest });
      return doc.unit === node.unit && doc.contest === node.contest;
    };
    const more = (doc: TotalsDoc): TotalsDoc => {
      const sums = doc.totals.provisional.sums.map((sum) => sum + 1);
      return { ...doc, totals: { ...doc.totals, provisional: { ...doc.totals.provisional, sums } } };
    };
    const model = await modelWith((batch) => ({
      ...batch,
      totals: (batch.totals ?? []).map((doc) => (isChosen(doc) ? more(doc) : doc)),
    }));
    const root = served.election.root.code;
    expect(await checked(model)).toEqual(
      expect.arrayContaining([
        { ...node, what: 'totals' },
        { unit: root, contest: node.contest, what: 'totals' },
      ]),
    );
  });

  it('finds a sheet that was changed or lost, at its station', async () => {
    for (const [what, change] of Object.entries<(doc: SheetDoc) => SheetDoc | null>({
      changed: (doc) => ({ ...doc, view: { ...doc.view, revision: doc.view.revision + 1 } }),
      lost: () => null,
    })) {
      let chosen: SheetDoc | undefined;
      const model = await modelWith((batch) => ({
        ...batch,
        sheets: (batch.sheets ?? []).flatMap((doc) => {
          chosen ??= doc;
          if (doc.station !== chosen.station || doc.contest !== chosen.contest) return [doc];
          const changed = change(doc);
          return changed ? [changed] : [];
        }),
      }));
      const expected = { unit: chosen!.station, contest: chosen!.contest, what: 'sheet' };
      expect([what, await checked(model)]).toEqual([what, expect.arrayContaining([expected])]);
    }
  });

  it('finds an attempt that is not what the log has', async () => {
    let chosen: AttemptDoc | undefined;
    const model = await modelWith((batch) => ({
      ...batch,
      attempts: (batch.attempts ?? []).map((doc) => {
        if (chosen || doc.type !== 'tally.sheet.submitted.v1' || !doc.station) return doc;
        chosen = doc;
        return { ...doc, actor: { ...doc.actor!, id: 'nobody' } };
      }),
    }));
    const { station: unit, contest, shard, offset } = chosen!;
    expect(await checked(model)).toEqual(
      expect.arrayContaining([{ unit, contest, what: 'attempt', at: `${shard}:${offset}` }]),
    );
  });
});
