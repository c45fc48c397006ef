/**
 * Replay: damage that was done to the live read model is found, and named by its place; the rebuilt one can take its
 * place, also while sheets arrive; a replay that is cut short leaves nothing behind.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FOLD_VERSION, notBeyond, type Position } from '#domain';
import type { EventLogs } from '#event-log';
import { openEmbeddedLogs } from '#event-log/embedded';
import {
  type ModelBatch,
  ModelError,
  type ModelSnapshot,
  type ReadModel,
  type ReadModels,
  type SheetDoc,
  type TotalsDoc,
} from '#read-model';
import { openEmbeddedModels } from '#read-model/embedded';
import type { Author } from '../../test/kit/author.ts';
import { csvOf, project, projectChanged, until, viewing } from '../../test/kit/models.ts';
import { openProvince } from '../../test/kit/opened.ts';
import { slowModels } from '../../test/kit/slow-models.ts';
import { tale, write } from '../../test/kit/story.ts';
import { Elections, type ServedElection } from './elections.ts';
import { Projector } from './projector.ts';
import { replayElection } from './replay.ts';
import type { Changes } from './shard-worker.ts';

const ALL = ['provisional', 'verified', 'all'];
const ID = 'spec-rehearsal';

/** An installation with one election, whose live model may be given damage as it is made. */
class Night {
  readonly folder: string;
  logs!: EventLogs;
  models!: ReadModels;
  projection!: Projector;
  served!: ServedElection;
  author!: Author;
  /** Which versions the store is slow to write. */
  slowest: 'old' | 'new' | 'none' = 'none';

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Night> {
    const night = new Night(await mkdtemp(join(tmpdir(), 'tally-replay-')));
    await night.start();
    const { served, author } = await openProvince(night.logs, 3);
    night.served = served;
    night.author = author;
    return night;
  }

  async start(): Promise<void> {
    this.logs = await openEmbeddedLogs(this.folder);
    this.models = slowModels(await openEmbeddedModels(this.folder), (what) => what === this.slowest);
    const elections = new Elections(this.logs);
    this.projection = new Projector(elections, this.models, { batch: 40, idleMs: 50 });
    const served = await elections.find(ID);
    if (served) this.served = served;
  }

  async tell(steps: ReturnType<typeof tale>): Promise<void> {
    const records = write(this.author, steps);
    await this.served.log.append(records.map(({ shard, key, value }) => ({ shard, key, value })));
  }

  /** Makes the live model, each of its batches changed on the way. */
  makeModel(damage: (batch: ModelBatch) => ModelBatch = (batch) => batch): Promise<ReadModel> {
    return projectChanged(this.served, this.models, damage);
  }

  serve(): Promise<void> {
    return this.projection.serve(this.served);
  }

  async live(): Promise<ReadModel> {
    return (await this.projection.model(ID))!;
  }

  replay(options: Parameters<typeof replayElection>[2] = {}): ReturnType<typeof replayElection> {
    return replayElection(this, this.served, options);
  }

  async liveCsv(): Promise<string> {
    return viewing(this.served, await this.live(), csvOf);
  }

  /** The position that a reader finds; one whose model is gone reads the pointer again. */
  async look(): Promise<Position> {
    for (;;)
      try {
        return await viewing(this.served, await this.live(), async (view) => view.position);
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
      }
  }

  async close(): Promise<void> {
    await this.projection.stop();
    await this.models.close();
    await this.logs.close();
  }

  async dispose(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The versions of the model that lie in the folder. */
  async versions(): Promise<string[]> {
    return readdir(join(this.folder, 'model', ID));
  }
}

interface Damage {
  readonly damage: (batch: ModelBatch) => ModelBatch;
  /** Where it was done. */
  readonly place: () => string;
}

let night: Night;
afterEach(() => night.dispose());

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const at = ({ shard, offset }: { shard: number; offset: number }): string => `${shard}:${offset}`;

function moreVotes(doc: TotalsDoc): TotalsDoc {
  const sums = doc.totals.provisional.sums.map((sum) => sum + 1);
  return { ...doc, totals: { ...doc.totals, provisional: { ...doc.totals.provisional, sums } } };
}

describe('replay', () => {
  it('finds nothing to differ where nothing was damaged, and leaves the live model as it is', async () => {
    night = await Night.open();
    await night.tell(tale(300, 1));
    await night.makeModel();
    await night.serve();
    const before = await night.liveCsv();
    const { election } = night.served;
    const nodes = election.units.reduce((sum, unit) => sum + election.contestsAt(unit).length, 0);
    const events = night.author.records.length;
    expect(await night.replay()).toMatchObject({
      different: 0,
      differences: [],
      compared: nodes,
      attempts: events,
      events,
      switched: false,
      position: night.author.ends.map((end, shard) => `${shard}:${end}`).join(','),
    });
    expect(await night.liveCsv()).toBe(before);
    expect(before).toBe(night.author.plain.csv(ALL));
    expect(await night.versions()).toEqual(['v1']);
  });

  /** Changes the first document of a kind that fits, once, on its way into the model. */
  function once<K extends 'attempts' | 'notes' | 'states'>(
    kind: K,
    change: (doc: NonNullable<ModelBatch[K]>[number]) => { place: string; doc: unknown } | undefined,
  ): Damage {
    let place = '';
    const damage = (batch: ModelBatch): ModelBatch => {
      const docs: unknown[] = [];
      for (const doc of batch[kind] ?? []) {
        const changed = place === '' ? change(doc as never) : undefined;
        if (changed) place = changed.place;
        const now = changed ? changed.doc : doc;
        if (now !== null) docs.push(now);
      }
      return { ...batch, [kind]: docs };
    };
    return { damage, place: () => place };
  }

  const damages: Record<string, () => Damage> = {
    'an attempt with another vote': () =>
      once('attempts', (doc) => {
        const [change] = doc.changes;
        if (!change?.after.standing) return undefined;
        const standing = change.after.standing.map((value) => value + 1);
        const changes = [{ ...change, after: { ...change.after, standing } }];
        return { place: `attempt ${at(doc)}`, doc: { ...doc, changes } };
      }),
    'an attempt by somebody else': () =>
      once('attempts', (doc) =>
        doc.actor && doc.offset > 2
          ? { place: `attempt ${at(doc)}`, doc: { ...doc, actor: { ...doc.actor, id: 'nobody' } } }
          : undefined,
      ),
    'a rejection taken for an acceptance': () =>
      once('attempts', (doc) =>
        doc.outcome === 'rejected' ? { place: `attempt ${at(doc)}`, doc: { ...doc, outcome: 'accepted' } } : undefined,
      ),
    'a lost attempt': () =>
      once('attempts', (doc) => (doc.offset === 20 ? { place: `attempt ${at(doc)}`, doc: null } : undefined)),
    'a note of another time': () =>
      once('notes', (doc) =>
        doc.kind === 'station.closed'
          ? { place: `note ${doc.kind} ${at(doc)}`, doc: { ...doc, logTime: doc.logTime + 1 } }
          : undefined,
      ),
    'a lost note': () =>
      once('notes', (doc) =>
        doc.kind === 'contest.certified' ? { place: `note ${doc.kind} ${at(doc)}`, doc: null } : undefined,
      ),
    'a full state with another sum': () =>
      once('states', (doc) => ({ place: `state ${doc.unit}/${doc.contest} ${at(doc)}`, doc: moreVotes(doc) })),
    'a lost full state': () =>
      once('states', (doc) => ({ place: `state ${doc.unit}/${doc.contest} ${at(doc)}`, doc: null })),
  };

  it.each(Object.keys(damages))('finds %s, and heals it', async (name) => {
    const { damage, place } = damages[name]!();
    night = await Night.open();
    await night.tell(tale(700, 2));
    await night.makeModel(damage);
    await findsAndHeals(place());
  });

  async function findsAndHeals(place: string): Promise<void> {
    expect(place).not.toBe('');
    await night.serve();
    const report = await night.replay();
    expect(report.differences.map(({ node }) => node)).toEqual([place]);
    expect(report).toMatchObject({ different: 1, switched: false });
    expect(await night.replay({ switch: true })).toMatchObject({ different: 1, switched: true });
    expect(await night.versions()).toHaveLength(1);
    expect(await night.liveCsv()).toBe(night.author.plain.csv(ALL));
    expect(await night.replay()).toMatchObject({ different: 0 });
    await night.tell(tale(20, 4));
    await until(() => notBeyond(night.author.ends, night.projection.position(ID)));
    expect(await night.liveCsv()).toBe(night.author.plain.csv(ALL));
  }

  async function someSheet(snapshot: ModelSnapshot): Promise<SheetDoc> {
    for await (const sheet of snapshot.allSheets()) if (sheet.view.standing) return sheet;
    throw new Error('no sheet counts');
  }

  /** Sheets and totals give way to later ones: they are damaged when all is written, and claim to be later. */
  const laterDamages: Record<string, (snapshot: ModelSnapshot) => Promise<{ place: string; batch: ModelBatch }>> = {
    'a total with another sum': async (snapshot) => {
      const [part] = await snapshot.totals('K3', 'all');
      const totals = [{ ...moreVotes(part!), offset: part!.offset + 1 }];
      return { place: 'K3/all', batch: { shard: part!.shard, totals } };
    },
    'a total from beyond the end of the log': async (snapshot) => {
      const [part] = await snapshot.totals('K3', 'all');
      const totals = [{ ...moreVotes(part!), offset: 1_000_000 }];
      return { place: 'K3/all', batch: { shard: part!.shard, totals } };
    },
    'a total that a shard has no part in': async (snapshot) => {
      const [part] = await snapshot.totals('K3', 'all');
      const shard = (part!.shard + 1) % 3;
      return { place: 'K3/all', batch: { shard, totals: [{ ...part!, shard, offset: 2 }] } };
    },
    'a sheet that counts in another track': async (snapshot) => {
      const sheet = await someSheet(snapshot);
      const view = { ...sheet.view, verified: !sheet.view.verified };
      const sheets = [{ ...sheet, view, offset: sheet.offset + 1 }];
      return { place: `${sheet.station}/${sheet.contest}`, batch: { shard: sheet.shard, sheets } };
    },
    'a sheet from beyond the end of the log': async (snapshot) => {
      const sheet = await someSheet(snapshot);
      const sheets = [{ ...sheet, offset: 1_000_000 }];
      return { place: `${sheet.station}/${sheet.contest}`, batch: { shard: sheet.shard, sheets } };
    },
    'a sheet that nobody sent': async (snapshot) => {
      const { contests } = night.served.election;
      const all = contests.flatMap((contest) => contest.stations.map((station) => ({ contest, station })));
      const sent = await Promise.all(all.map(({ contest, station }) => snapshot.sheet(station.code, contest.id)));
      const { contest, station } = all[sent.indexOf(undefined)]!;
      const some = sent.find((doc) => doc?.contest === contest.id)!;
      const { shard, code } = station;
      return {
        place: `${code}/${contest.id}`,
        batch: { shard, sheets: [{ ...some, station: code, shard, offset: 1 }] },
      };
    },
  };

  it.each(Object.keys(laterDamages))('finds %s, and heals it', async (name) => {
    night = await Night.open();
    await night.tell(tale(110, 3));
    const model = await night.makeModel();
    const snapshot = await model.snapshot();
    const { place, batch } = await laterDamages[name]!(snapshot);
    snapshot.close();
    expect(await model.write(batch)).toEqual({ outcome: 'moved' });
    await findsAndHeals(place);
  });

  it.each(['old', 'new'] as const)(
    'compares and switches while sheets arrive and the %s model is slow',
    async (slowest) => {
      night = await Night.open();
      await night.tell(tale(400, 5));
      await night.makeModel();
      await night.serve();
      night.slowest = slowest;
      let isOver = false;
      const steps = tale(2_000, 100);
      const arriving = (async () => {
        const under: Promise<void>[] = [];
        for (let i = 0; !isOver; i += 1) {
          const from = (i * 7) % steps.length;
          // Not one after the other: batches of the two models end at different places.
          under.push(night.tell(steps.slice(from, from + 7)));
          await turn();
        }
        await Promise.all(under);
      })();
      const heard: Changes[] = [];
      night.projection.subscribe((changes) => heard.push(changes));
      const positions: Position[] = [];
      const watching = (async () => {
        while (!isOver) {
          positions.push(await night.look());
          await turn();
        }
      })();
      const report = await night.replay({ switch: true });
      const after = await night.look();
      isOver = true;
      await Promise.all([arriving, watching]);
      expect(report).toMatchObject({ different: 0, switched: true });
      expect(report.live).toBe(report.rebuilt);
      positions.push(after);
      // No figure goes back.
      for (const [i, position] of positions.entries())
        if (!notBeyond(positions[i - 1] ?? [], position))
          throw new Error(`${positions[i - 1]} went back to ${position}`);
      await until(() => notBeyond(night.author.ends, night.projection.position(ID)));
      expect(await night.liveCsv()).toBe(night.author.plain.csv(ALL));
      expect(await night.versions()).toEqual(['v2']);
      // Whoever listens hears of every batch, of one model or the other, and of none that would take it back.
      expect([...new Set(heard.map(({ version }) => version))]).toEqual([1, 2]);
      for (let shard = 0; shard < 3; shard += 1) {
        const [first, ...rest] = heard.filter((changes) => changes.shard === shard);
        let at = first!.to;
        for (const { from, to } of rest) {
          expect([from <= at, to > at]).toEqual([true, true]);
          at = to;
        }
        expect(at).toBe(night.author.ends[shard]);
      }
    },
  );

  it('gives word of every record, also of those that are folded while the models change places', async () => {
    night = await Night.open();
    await night.tell(tale(200, 6));
    await night.makeModel();
    await night.serve();
    night.slowest = 'new';
    let isOver = false;
    const unheard: string[] = [];
    const sending = (async () => {
      for (let i = 0; !isOver; i += 1) {
        const records = write(night.author, tale(3, 500 + i));
        const places = await night.served.log.append(records.map(({ shard, key, value }) => ({ shard, key, value })));
        const attempts = await night.projection.outcomes(ID, places, 2_000);
        attempts.forEach((attempt, n) => {
          if (attempt?.outcome !== (records[n]!.verdict.accepted ? 'accepted' : 'rejected'))
            unheard.push(at(places[n]!));
        });
      }
    })();
    for (let i = 0; i < 4; i += 1) expect(await night.replay({ switch: true })).toMatchObject({ switched: true });
    isOver = true;
    await sending;
    expect(unheard).toEqual([]);
  });

  it('that is cut short by the end of the process fails, and leaves nothing behind', async () => {
    night = await Night.open();
    await night.tell(tale(900, 7));
    await night.makeModel();
    await night.serve();
    const before = await night.liveCsv();
    const cut = night.replay({ switch: true });
    const failed = expect(cut).rejects.toThrow();
    await until(async () => (await night.models.pointer(ID))!.versions.length === 2);
    await night.close();
    await failed;
    await night.start();
    await night.projection.start();
    expect(await night.models.pointer(ID)).toMatchObject({ current: 1, versions: [1] });
    expect(await night.versions()).toEqual(['v1']);
    expect(await night.liveCsv()).toBe(before);
  });

  it('that was killed is swept away by the next process', async () => {
    night = await Night.open();
    await night.tell(tale(200, 8));
    await night.makeModel();
    // What a killed process leaves: a version beside the live one, half made.
    const half = await night.models.create(ID, 3, FOLD_VERSION);
    await project(night.served, half, { shards: [0] });
    await night.close();
    await night.start();
    await night.projection.start();
    expect(await night.models.pointer(ID)).toMatchObject({ current: 1, versions: [1] });
    expect(await night.versions()).toEqual(['v1']);
    expect(await night.replay()).toMatchObject({ different: 0 });
    expect(await night.versions()).toEqual(['v1']);
  });
});
