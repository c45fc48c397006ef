/**
 * A Socket.IO client that does what contracts §6 tells clients to do, while 200 sheets come in: it loses messages, hangs
 * up and comes back, and at the end holds exactly what GET /results says. `foreign-client/` is the same in Python.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { randomFrom, shuffled } from '../kit/random.ts';
import { ElectionClient } from '../services/election-client.ts';
import { GEORGIA, Georgia } from '../services/georgia.ts';
import { TallyServer } from '../services/tally-server.ts';

const UPDATES = 200;
const TRACK = 'provisional';

interface Row {
  readonly unit: string;
  readonly contest: string;
  readonly track: string;
  readonly key: string;
  readonly value: number | null;
}
interface Message {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly Row[];
}
interface Node {
  readonly unit: string;
  readonly contest: string;
  readonly progress: Readonly<Record<string, number>>;
  readonly tracks: Readonly<Record<string, Readonly<Record<'fields' | 'votes' | 'present', Record<string, number>>>>>;
}

const keyOf = ({ unit, contest, track, key }: Row): string => [unit, contest, track, key].join();
const read = (position: string): number[] => position.split(',').map((part) => Number(part.split(':')[1]));
const isBeyond = (a: readonly number[], b: readonly number[]): boolean => a.some((offset, shard) => offset > b[shard]!);

function rowsOf({ unit, contest, progress, tracks }: Node): Row[] {
  const rows: Row[] = Object.entries(progress).map(([name, value]) => ({
    ...{ unit, contest, track: '', key: `progress.${name}`, value },
  }));
  for (const [kind, name] of [
    ['field', 'fields'],
    ['votes', 'votes'],
    ['present', 'present'],
  ] as const)
    for (const [id, value] of Object.entries(tracks[TRACK]?.[name] ?? {}))
      rows.push({ unit, contest, track: TRACK, key: `${kind}.${id}`, value });
  return rows;
}

class Follower {
  rows = new Map<string, number>();
  position: number[] = [0, 0, 0, 0];
  serverPosition = '';
  readonly counts = { messages: 0, applied: 0, dropped: 0, refetched: 0, wentBack: 0 };
  readonly #client: ElectionClient;
  readonly #random = randomFrom(7);
  #socket: Socket | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(client: ElectionClient) {
    this.#client = client;
  }

  async connect(): Promise<void> {
    const socket = io(`${this.#client.url}/live`, { transports: ['websocket'], forceNew: true, reconnection: false });
    this.#socket = socket;
    socket.on('totals', (message: Message) => this.#queue(() => this.#take(message)));
    socket.on('position', ({ position }: { position: string }) => {
      this.serverPosition = position;
    });
    await new Promise<void>((resolve) => socket.on('connect', resolve));
    const { election } = this.#client;
    const request = { election, unit: GEORGIA.root, contest: GEORGIA.contest, track: TRACK, children: true };
    const snapshot = await socket.timeout(5_000).emitWithAck('watch', request);
    this.#queue(async () => this.#replace([...snapshot.totals, ...snapshot.children], snapshot.position));
  }

  close(): void {
    this.#socket?.disconnect();
  }

  /** Resolves once nothing that was heard is left to do, and the server has nothing that is not known here. */
  async caughtUp(position: string): Promise<void> {
    while (this.serverPosition !== position) await sleep(50);
    await sleep(500);
    if (isBeyond(read(position), this.position)) this.#queue(() => this.#refetch());
    await this.#working;
  }

  async ask(): Promise<{ rows: Row[]; position: string }> {
    const path = `results/${GEORGIA.root}`;
    const query = `contest=${GEORGIA.contest}&track=${TRACK}`;
    const own = (await this.#client.ask('GET', `${path}?${query}`)).json;
    const below = (await this.#client.ask('GET', `${path}/children?${query}&at=${own.position}`)).json;
    return { rows: [...own.nodes, ...below.nodes].flatMap(rowsOf), position: own.position };
  }

  #queue(work: () => Promise<void>): void {
    this.#working = this.#working.then(work);
  }

  async #take({ from, to, changes }: Message): Promise<void> {
    this.counts.messages += 1;
    if (this.#random() < 0.15) {
      this.counts.dropped += 1;
      return;
    }
    if (isBeyond(read(from), this.position)) return this.#refetch();
    if (isBeyond(this.position, read(to))) return;
    this.counts.applied += 1;
    for (const row of changes) {
      if (row.value === null) this.rows.delete(keyOf(row));
      else this.rows.set(keyOf(row), row.value);
    }
    this.#moveTo(to);
  }

  async #refetch(): Promise<void> {
    this.counts.refetched += 1;
    const { rows, position } = await this.ask();
    this.#replace(rows, position);
  }

  #replace(rows: readonly Row[], position: string): void {
    if (isBeyond(this.position, read(position))) return;
    this.rows = new Map(rows.map((row) => [keyOf(row), row.value!]));
    this.#moveTo(position);
  }

  #moveTo(position: string): void {
    const next = read(position);
    if (isBeyond(this.position, next)) this.counts.wentBack += 1;
    this.position = next;
  }
}

const georgia = new Georgia();
let server: TallyServer;

beforeAll(async () => {
  server = await TallyServer.start({ data: `${georgia.folder}/data` });
});

afterAll(async () => {
  await server.stop();
  georgia.remove();
});

it(`a client that loses messages and hangs up holds what GET /results says after ${UPDATES} updates`, async () => {
  const opened = { election: GEORGIA.election, folder: georgia.pack, root: GEORGIA.root };
  const client = await ElectionClient.open(server.url, server.token!, opened, ['clerk', 'certifier']);
  const follower = new Follower(client);
  await follower.connect();
  const sheets = shuffled(georgia.sheets(), randomFrom(1));
  for (let sent = 0; sent < UPDATES; sent += 1) {
    const sheet = sheets[Math.floor(sent / 2)]!;
    const isCorrection = sent % 2 === 1;
    // Every other update corrects the sheet before; of those, every fifth annuls it instead.
    if (isCorrection && sent % 10 === 9) await client.act(`${sheet.station}/${GEORGIA.contest}`, 'annul', 'certifier');
    else {
      const votes = { ...sheet.votes, 41: sheet.votes['41']! + sent };
      const correction = { votes, expectedRevision: 1, cause: 'recount', reason: 'counted again' };
      await client.submit({ ...sheet, id: randomUUID(), ...(isCorrection && correction) });
    }
    await sleep(40);
    if (sent !== UPDATES / 2) continue;
    follower.close();
    await sleep(300);
    await follower.connect();
  }
  const { position } = await client.results(GEORGIA.root, GEORGIA.contest);
  await follower.caughtUp(position);
  const { rows } = await follower.ask();
  expect(Object.fromEntries(follower.rows)).toEqual(Object.fromEntries(rows.map((row) => [keyOf(row), row.value])));
  expect(follower.counts.wentBack).toBe(0);
  expect(follower.counts.messages).toBeGreaterThanOrEqual(20);
  expect(follower.counts.dropped).toBeGreaterThanOrEqual(1);
  expect(follower.counts.refetched).toBeGreaterThanOrEqual(1);
  follower.close();
});
