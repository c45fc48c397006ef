/** The projection spread over processes: workers here, followers there, and a feed between them that may lose anything. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { notBeyond, type Position } from '#domain';
import type { EventLogs } from '#event-log';
import { openEmbeddedLogs } from '#event-log/embedded';
import type { AttemptDoc, ReadModels } from '#read-model';
import { openEmbeddedModels } from '#read-model/embedded';
import type { Author } from '../../../test/kit/author.ts';
import { MemoryBroadcast, MemoryShares } from '../../../test/kit/memory-cluster.ts';
import { csvOf, viewing } from '../../../test/kit/models.ts';
import { openProvince } from '../../../test/kit/opened.ts';
import { randomFrom } from '../../../test/kit/random.ts';
import { tale, write } from '../../../test/kit/story.ts';
import { Elections, type ServedElection } from '../elections.ts';
import { replayElection } from '../replay.ts';
import type { Changes } from '../shard-worker.ts';
import { FollowedProjection, Teller, Workers } from './index.ts';

const ID = 'spec-rehearsal';
const SHARDS = 3;
const TRACKS = ['provisional', 'verified', 'all'];
const DEADLINE_MS = 20_000;

/** A cluster of one process: the stores are shared, the projectors and followers are many. */
class Cluster {
  readonly broadcast = new MemoryBroadcast();
  readonly faults: unknown[] = [];
  readonly #folder: string;
  readonly #logs: EventLogs;
  readonly models: ReadModels;
  readonly served: ServedElection;
  readonly author: Author;
  readonly #stops: (() => Promise<void>)[] = [];

  private constructor(folder: string, logs: EventLogs, models: ReadModels, served: ServedElection, author: Author) {
    this.#folder = folder;
    this.#logs = logs;
    this.models = models;
    this.served = served;
    this.author = author;
  }

  static async open(): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'tally-spread-'));
    const logs = await openEmbeddedLogs(folder);
    const { served, author } = await openProvince(logs, SHARDS);
    return new Cluster(folder, logs, await openEmbeddedModels(folder), served, author);
  }

  async projector(shares: MemoryShares, batch = 40): Promise<Workers> {
    const fail = (error: unknown): void => void (error && this.faults.push(error));
    const workers = new Workers({
      elections: new Elections(this.#logs),
      models: this.models,
      shares,
      teller: new Teller(this.broadcast, { onFault: (_, error) => fail(error) }),
      onFault: (_, error) => fail(error),
      batch,
    });
    this.#stops.push(() => workers.stop());
    await workers.start();
    return workers;
  }

  async follower(): Promise<{ projection: FollowedProjection; heard: Changes[] }> {
    const projection = new FollowedProjection({
      elections: new Elections(this.#logs),
      models: this.models,
      broadcast: this.broadcast,
      onFault: (_, error) => void (error && this.faults.push(error)),
    });
    const heard: Changes[] = [];
    projection.subscribe((changes) => heard.push(changes));
    this.#stops.push(() => projection.stop());
    await projection.start();
    return { projection, heard };
  }

  async tell(steps: ReturnType<typeof tale>): Promise<{ shard: number; offset: number }[]> {
    const records = write(this.author, steps);
    return this.served.log.append(records.map(({ shard, key, value }) => ({ shard, key, value })));
  }

  async csv(projection: FollowedProjection): Promise<string> {
    return viewing(this.served, (await projection.model(ID))!, csvOf);
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
    await this.models.close();
    await this.#logs.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function plainAttempts(attempts: readonly (AttemptDoc | undefined)[]): unknown[] {
  return attempts.map((attempt) => attempt && [attempt.shard, attempt.offset, attempt.rejection ?? attempt.outcome]);
}

/** What the plain count says of the records at these places. */
function expectedAttempts(cluster: Cluster, places: readonly { shard: number; offset: number }[]): unknown[] {
  return places.map(({ shard, offset }) => {
    const { verdict } = cluster.author.records.find((one) => one.shard === shard && one.offset === offset)!;
    return [shard, offset, verdict.accepted ? 'accepted' : verdict.code];
  });
}

/** Each shard's batches follow on each other, tell every attempt once, and end where the log does. */
function expectWhole(cluster: Cluster, heard: readonly Changes[]): void {
  for (let shard = 0; shard < SHARDS; shard += 1) {
    let at = 0;
    for (const changes of heard.filter((one) => one.shard === shard)) {
      expect([changes.from, changes.attempts.length]).toEqual([at, changes.to - changes.from]);
      at = changes.to;
    }
    expect(at).toBe(cluster.author.ends[shard]);
  }
}

describe('a projection spread over processes', () => {
  let cluster: Cluster;
  afterEach(() => cluster.close());

  it('answers senders and tells listeners of every batch, from whichever projector it comes', async () => {
    cluster = await Cluster.open();
    const shares = new MemoryShares();
    const { projection, heard } = await cluster.follower();
    await cluster.projector(shares);
    await cluster.projector(shares);
    const places = await cluster.tell(tale(300, 1));
    const attempts = await projection.outcomes(ID, places, DEADLINE_MS);
    expect(plainAttempts(attempts)).toEqual(expectedAttempts(cluster, places));
    expectWhole(cluster, heard);
    expect(await cluster.csv(projection)).toBe(cluster.author.plain.csv(TRACKS));
    expect(cluster.faults).toEqual([]);
  });

  it('counts nothing twice and tells nothing twice while two projectors work on the same shards in other batches', async () => {
    cluster = await Cluster.open();
    const shares = new MemoryShares({ everyone: true });
    const { projection, heard } = await cluster.follower();
    await cluster.projector(shares, 7);
    await cluster.projector(shares, 11);
    const places: { shard: number; offset: number }[] = [];
    for (let round = 0; round < 10; round += 1) places.push(...(await cluster.tell(tale(40, 10 + round))));
    const attempts = await projection.outcomes(ID, places, DEADLINE_MS);
    expect(plainAttempts(attempts)).toEqual(expectedAttempts(cluster, places));
    expectWhole(cluster, heard);
    expect(await cluster.csv(projection)).toBe(cluster.author.plain.csv(TRACKS));
  });

  it('leaves no sender waiting and no listener behind where a projector dies between checkpoint and message', async () => {
    cluster = await Cluster.open();
    const { projection, heard } = await cluster.follower();
    const shares = new MemoryShares();
    const first = await cluster.projector(shares);
    cluster.broadcast.loses = () => true;
    const places = await cluster.tell(tale(200, 2));
    const waiting = projection.outcomes(ID, places, DEADLINE_MS);
    await until(() => first.states.every(({ shard, position }) => position === cluster.author.ends[shard]));
    await first.stop();
    cluster.broadcast.loses = () => false;
    expect(projection.position(ID)).toEqual([0, 0, 0]);
    await cluster.projector(shares);
    expect(plainAttempts(await waiting)).toEqual(expectedAttempts(cluster, places));
    expect(projection.position(ID)).toEqual(cluster.author.ends);
    // The listeners hear that something is missing: they read the store.
    for (const { from, to, attempts } of heard) expect([from, attempts]).toEqual([to, []]);
    expect(await cluster.csv(projection)).toBe(cluster.author.plain.csv(TRACKS));
  });

  it('goes on by itself where any message may be lost', async () => {
    cluster = await Cluster.open();
    const { projection, heard } = await cluster.follower();
    const shares = new MemoryShares();
    await cluster.projector(shares, 9);
    const random = randomFrom(7);
    cluster.broadcast.loses = () => random() < 0.6;
    const places: { shard: number; offset: number }[] = [];
    for (let round = 0; round < 6; round += 1) places.push(...(await cluster.tell(tale(30, 30 + round))));
    const attempts = await projection.outcomes(ID, places, DEADLINE_MS);
    expect(plainAttempts(attempts)).toEqual(expectedAttempts(cluster, places));
    for (let shard = 0; shard < SHARDS; shard += 1) {
      const ends = heard.filter((one) => one.shard === shard).map(({ to }) => to);
      expect(ends).toEqual([...ends].sort((a, b) => a - b));
      expect(ends.at(-1)).toBe(cluster.author.ends[shard]);
    }
  });

  it('is handed over when a projector leaves', async () => {
    cluster = await Cluster.open();
    const { projection } = await cluster.follower();
    const shares = new MemoryShares();
    const leaving = await cluster.projector(shares);
    await cluster.projector(shares);
    await cluster.tell(tale(100, 3));
    await leaving.stop();
    const places = await cluster.tell(tale(100, 4));
    expect(plainAttempts(await projection.outcomes(ID, places, DEADLINE_MS))).toEqual(
      expectedAttempts(cluster, places),
    );
    expect(await cluster.csv(projection)).toBe(cluster.author.plain.csv(TRACKS));
  });

  it('is rebuilt, compared and switched while sheets arrive, and no figure goes back', async () => {
    cluster = await Cluster.open();
    const shares = new MemoryShares();
    const rebuilding = await cluster.follower();
    const watching = await cluster.follower();
    await cluster.projector(shares);
    await cluster.projector(shares);
    await cluster.tell(tale(300, 5));
    let isOver = false;
    const arriving = (async () => {
      for (let round = 0; !isOver; round += 1) {
        await cluster.tell(tale(8, 100 + round));
        await turn();
      }
    })();
    const seen: Position[] = [];
    const looking = (async () => {
      while (!isOver) {
        seen.push(
          await viewing(cluster.served, (await watching.projection.model(ID))!, async ({ position }) => position),
        );
        await turn();
      }
    })();
    const parts = { projection: rebuilding.projection, models: cluster.models };
    const report = await replayElection(parts, cluster.served, { switch: true });
    isOver = true;
    await Promise.all([arriving, looking]);
    expect(report).toMatchObject({ different: 0, switched: true });
    expect(report.live).toBe(report.rebuilt);
    for (const [i, position] of seen.entries())
      if (!notBeyond(seen[i - 1] ?? [], position)) throw new Error(`${seen[i - 1]} went back to ${position}`);
    await until(() => notBeyond(cluster.author.ends, watching.projection.position(ID)));
    expect((await watching.projection.model(ID))!.version).toBe(2);
    expect(await cluster.csv(watching.projection)).toBe(cluster.author.plain.csv(TRACKS));
    expect((await cluster.models.pointer(ID))!.versions).toEqual([2]);
    for (let shard = 0; shard < SHARDS; shard += 1) {
      const ends = watching.heard.filter((one) => one.shard === shard).map(({ to }) => to);
      expect(ends).toEqual([...ends].sort((a, b) => a - b));
    }
  }, 60_000);
});

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

async function until(isThere: () => boolean): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!isThere()) {
    if (Date.now() > deadline) throw new Error('not in time');
    await turn();
  }
}
