/** Whether anything was lost: every acknowledged sheet against the log, and the figures against a plain count of it. */
import { createHash } from 'node:crypto';
import { readPackage } from '#definition';
import type { EventLog } from '#event-log';
import { openStores, storesEnvironment } from '../../apps/server/cluster.ts';
import { PlainCount } from '../kit/plain-count.ts';
import type { TallyCluster } from '../services/tally-cluster.ts';
import type { Acknowledged } from './desk.ts';
import type { Watcher } from './watcher.ts';

export interface Verdict {
  readonly events: number;
  /** Acknowledged sheets that are not in the log where they were said to be, or do not count there. */
  readonly lost: readonly string[];
  /** Ids that were accepted more than once. */
  readonly doubled: readonly string[];
  /** Of the plain count, and as an api tells it. */
  readonly plain: string;
  readonly told: string;
  /** Watchers that do not show what the plain count has. */
  readonly blind: readonly string[];
}

export interface Asked {
  readonly cluster: TallyCluster;
  readonly election: string;
  readonly pack: string;
  readonly token: string;
  readonly acknowledged: readonly Acknowledged[];
  readonly watchers: readonly Watcher[];
}

const CATCH_UP_MS = 120_000;
const LOOK_MS = 200;

export async function judge(asked: Asked): Promise<Verdict> {
  const read = await readPackage(asked.pack);
  if (!read.ok) throw new Error('the package of the soak is not valid');
  const stores = await openStores(storesEnvironment.parse(asked.cluster.env));
  try {
    const log = (await stores.logs.find(asked.election))!;
    const plain = new PlainCount(read.definition, read.digest);
    const accepted = await acceptedIn(log, plain);
    const csv = plain.csv();
    const ends = await Promise.all(Array.from({ length: log.shards }, (_, shard) => log.end(shard)));
    const told = await fingerprintAt(asked, ends);
    return {
      events: ends.reduce((sum, end) => sum + end, 0),
      lost: asked.acknowledged.filter(({ id, attempt }) => !accepted.get(id)?.includes(attempt)).map(({ id }) => id),
      doubled: [...accepted].filter(([, places]) => places.length > 1).map(([id]) => id),
      plain: createHash('sha256').update(csv).digest('hex'),
      told,
      blind: await blindOf(asked.watchers, ends, csv),
    };
  } finally {
    await stores.close();
  }
}

/** By id: where an event with it was accepted. */
async function acceptedIn(log: EventLog, plain: PlainCount): Promise<Map<string, string[]>> {
  const accepted = new Map<string, string[]>();
  for (let shard = 0; shard < log.shards; shard += 1)
    for (let from = 0; ; ) {
      const records = await log.read(shard, from);
      if (records.length === 0) break;
      for (const { offset, key, value } of records) {
        if (!plain.read({ shard, offset, key, value }).accepted) continue;
        const { id } = JSON.parse(Buffer.from(value).toString()) as { id: string };
        accepted.set(id, [...(accepted.get(id) ?? []), `${shard}:${offset}`]);
      }
      from += records.length;
    }
  return accepted;
}

/** As an api tells it once it has caught up. */
async function fingerprintAt({ cluster, election, token }: Asked, ends: readonly number[]): Promise<string> {
  const position = ends.map((end, shard) => `${shard}:${end}`).join(',');
  const deadline = Date.now() + CATCH_UP_MS;
  for (;;) {
    const url = `${cluster.apis[0]!.url}/api/v1/elections/${election}/fingerprint`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const answer = (await response.json()) as { fingerprint?: string; position?: string };
    if (answer.position === position) return answer.fingerprint!;
    if (Date.now() > deadline) throw new Error(`the api is at ${JSON.stringify(answer)}, the log at ${position}`);
    await wait();
  }
}

/** Each is given the time to hear the last message. */
async function blindOf(watchers: readonly Watcher[], ends: readonly number[], csv: string): Promise<string[]> {
  const deadline = Date.now() + CATCH_UP_MS;
  const lines = csv.split('\n');
  const blind: string[] = [];
  for (const watcher of watchers) {
    const wanted = lines.filter((line) => line.startsWith(`${watcher.unit},`) && isShown(line));
    while (!shows(watcher, wanted) && Date.now() < deadline) await wait();
    if (!shows(watcher, wanted)) blind.push(`${watcher.unit} at ${watcher.position} of ${ends}`);
  }
  return blind;
}

function shows({ rows }: Watcher, wanted: readonly string[]): boolean {
  return (
    wanted.length > 0 &&
    wanted.every((line) => {
      const at = line.lastIndexOf(',');
      return rows.get(line.slice(0, at)) === Number(line.slice(at + 1));
    })
  );
}

/** What a watcher of the provisional track sees: its figures, and progress. */
function isShown(line: string): boolean {
  return /,(provisional,votes|provisional,field|,progress)\./.test(line);
}

function wait(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
