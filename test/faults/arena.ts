/**
 * The cluster on which rounds of faults are played: three brokers, a store on disk, two processes of each kind, and a
 * proxy at every door: between each kind of process and each broker, each kind and the store, senders and each api.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMongoAccounts } from '#access/mongo';
import type { Role } from '#domain';
import { TallyCluster } from '../services/tally-cluster.ts';
import type { ProcessKind } from '../services/tally-process.ts';
import { TcpProxy } from '../services/tcp-proxy.ts';
import { CONTESTS, quietFingerprints, ROOT, townZip } from './town.ts';

export const KINDS = ['api', 'projector', 'gateway'] as const satisfies readonly ProcessKind[];
export const SHARDS = 2;
const BROKERS = [0, 1, 2];
const CLERKS = 3;
const OPENS_WITHIN_MS = 60_000;
/** The store writes its file so often; what was acknowledged since is lost with a kill. */
const STORE_FLUSH_MS = 1_500;

/** The proxies of one kind of process. */
interface Doors {
  readonly kafka: readonly TcpProxy[];
  readonly mongo: TcpProxy;
}

/** Where a round is played. */
export interface Place {
  readonly election: string;
  readonly contest: string;
}

export interface ArenaTokens {
  readonly manager: string;
  readonly observer: string;
  readonly clerks: readonly string[];
}

export class Arena {
  readonly cluster: TallyCluster;
  readonly doors: Readonly<Record<ProcessKind, Doors>>;
  /** Between senders and each api. */
  readonly fronts: readonly TcpProxy[];
  readonly tokens: ArenaTokens;
  /** Of the town's last figures, by contest. */
  readonly prints: ReadonlyMap<string, string>;
  readonly #folder: string;
  readonly #fresh: Place[] = [];
  #opened = 0;

  private constructor(parts: Pick<Arena, 'cluster' | 'doors' | 'fronts' | 'tokens' | 'prints'>, folder: string) {
    this.cluster = parts.cluster;
    this.doors = parts.doors;
    this.fronts = parts.fronts;
    this.tokens = parts.tokens;
    this.prints = parts.prints;
    this.#folder = folder;
  }

  static async start(): Promise<Arena> {
    const prints = await quietFingerprints(SHARDS);
    const folder = await mkdtemp(join(tmpdir(), 'tally-arena-'));
    const doors = { api: await makeDoors(), projector: await makeDoors(), gateway: await makeDoors() };
    const cluster = await TallyCluster.start({
      apis: 2,
      projectors: 2,
      gateways: 2,
      kafka: {
        brokers: BROKERS.length,
        doors: Object.fromEntries(KINDS.map((kind) => [nameOf(kind), (id: number) => doors[kind].kafka[id]!.port])),
      },
      mongo: { file: join(folder, 'store') },
      env: {
        MONGODB_SELECTION_TIMEOUT_MS: '3000',
        MONGODB_ANSWER_TIMEOUT_MS: '3000',
        TALLY_KEYS: join(folder, 'keys'),
      },
      through: (kind, kafka, mongo) => {
        doors[kind].mongo.leadTo(mongo.port);
        for (const { id, ports } of kafka.brokers) doors[kind].kafka[id]!.leadTo(ports.doors.get(nameOf(kind))!);
        return {
          KAFKA_BROKERS: doors[kind].kafka.map(({ address }) => address).join(','),
          MONGODB_URI: `mongodb://${doors[kind].mongo.address}`,
        };
      },
    });
    const fronts = await Promise.all(cluster.apis.map(({ port }) => TcpProxy.start(port)));
    const tokens = { manager: cluster.token, ...(await makeAccounts(cluster)) };
    return new Arena({ cluster, doors, fronts, tokens, prints }, folder);
  }

  /** A contest that nobody has counted yet, of an election that is opened for it where there is none left. */
  async freshPlace(): Promise<Place> {
    if (this.#fresh.length === 0) {
      const election = `town-${++this.#opened}-rehearsal`;
      const zip = townZip(election, { shards: SHARDS });
      const until = Date.now() + OPENS_WITHIN_MS;
      let answer = await this.open(0, zip);
      // As it asks for: "send it again in a moment".
      while (answer.status === 503 && Date.now() < until) answer = await this.open(0, zip);
      if (!answer.ok) throw new Error(`${election} was not opened: ${answer.status} ${await answer.text()}`);
      this.#fresh.push(...CONTESTS.map((contest) => ({ election, contest })));
    }
    return this.#fresh.shift()!;
  }

  /** Asks an api to open a package. */
  open(api: number, zip: Uint8Array): Promise<Response> {
    return fetch(`${this.cluster.apis[api]!.url}/api/v1/elections`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.tokens.manager}`, 'content-type': 'application/zip' },
      body: zip as Uint8Array<ArrayBuffer>,
    });
  }

  /** Where the store keeps its data. */
  get storeFile(): string {
    return join(this.#folder, 'store');
  }

  get proxies(): readonly TcpProxy[] {
    return [...KINDS.flatMap((kind) => [...this.doors[kind].kafka, this.doors[kind].mongo]), ...this.fronts];
  }

  async killStore(): Promise<void> {
    await this.cluster.mongo.kill();
  }

  async startStore(): Promise<void> {
    this.cluster.mongo = await this.cluster.mongo.restart();
  }

  /** Everything runs and every door is open; resolves once all processes say that they are ready, or with all that they say. */
  async ready(): Promise<void> {
    for (const proxy of this.proxies) proxy.pass();
    const said = await Promise.allSettled(this.cluster.processes.map((one) => one.ready()));
    const complaints = said.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
    if (complaints.length === 0) return;
    const workers = await Promise.all(this.cluster.projectors.map(({ url }) => metricsOf(url)));
    throw new Error([...complaints, ...workers].join('\n'));
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    await Promise.all(this.proxies.map((proxy) => proxy.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What a process counts, for whoever looks for the cause. */
async function metricsOf(url: string): Promise<string> {
  const answer = await fetch(`${url}/metrics`).catch(() => null);
  const lines = (await answer?.text())?.split('\n') ?? [];
  return `${url}: ${lines.filter((line) => line.startsWith('tally_')).join('; ')}`;
}

function nameOf(kind: ProcessKind): string {
  return kind.toUpperCase();
}

async function makeDoors(): Promise<Doors> {
  const kafka = await Promise.all(BROKERS.map(() => TcpProxy.start()));
  return { kafka, mongo: await TcpProxy.start() };
}

/** Accounts that hold in every round's election; they are on disk before anything is killed. */
async function makeAccounts({ mongo, env }: TallyCluster): Promise<Omit<ArenaTokens, 'manager'>> {
  const accounts = await openMongoAccounts({ uri: mongo.uri, database: env.MONGODB_DATABASE! });
  const make = async (role: Role): Promise<string> => (await accounts.add({ role, unit: ROOT })).token;
  try {
    const observer = await make('observer');
    const clerks = [];
    for (let i = 0; i < CLERKS; i += 1) clerks.push(await make('clerk'));
    await new Promise((resolve) => setTimeout(resolve, STORE_FLUSH_MS));
    return { observer, clerks };
  } finally {
    await accounts.close();
  }
}
