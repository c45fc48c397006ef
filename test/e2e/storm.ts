/**
 * Twenty clients send overlapping parts of Georgia's sheets to a server that is killed again and again. Everything is
 * drawn from a seed: who sends what, in which order, one by one or in batches, what is sent twice, and when the server
 * dies (by how much was acknowledged, so that the deaths are spread over the whole night; some come while it starts).
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../kit/random.ts';
import type { Sheet } from '../services/georgia.ts';
import { TallyServer } from '../services/tally-server.ts';

export interface StormSettings {
  readonly data: string;
  /** Of the server, the first time; it comes back at the same address. */
  readonly server: TallyServer;
  /** Accounts of clerks, by client; clients may share one. */
  readonly tokens: readonly string[];
  readonly election: string;
  readonly sheets: readonly Sheet[];
  readonly kills: number;
  readonly seed: number;
}

/** A sheet that a client was told is in the log. */
export interface Acknowledged {
  readonly station: string;
  readonly id: string;
  readonly revision: number;
  /** `SHARD:OFFSET` */
  readonly attempt: string;
}

export interface StormReport {
  readonly acknowledged: readonly Acknowledged[];
  readonly counts: Readonly<Record<string, number>>;
  /** Ids that were given two different outcomes. */
  readonly contradictions: readonly string[];
  readonly seconds: number;
}

/** What a client has to send: the same bytes each time, since an id with other content is refused. */
interface Item {
  readonly sheet: Sheet;
  readonly id: string;
  /** As an importer sends it: without `expectedRevision`, in batches only. */
  readonly isImport: boolean;
}

interface Task {
  readonly items: readonly Item[];
  readonly isBatch: boolean;
}

type Outcome = { readonly word: string; readonly acknowledged?: Acknowledged };

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

/** Every sheet goes to two or three clients; each of them sends a tenth of its own twice. */
function share({ sheets, tokens }: StormSettings, random: () => number): Task[][] {
  const parts: Item[][] = tokens.map(() => []);
  for (const sheet of sheets) {
    // Clients of one account have copies of one file, ids included; another account makes its own.
    const items = new Map<string, Item>();
    const clients = shuffled([...tokens.keys()], random).slice(0, random() < 0.5 ? 2 : 3);
    for (const client of clients) {
      const token = tokens[client]!;
      const item = items.get(token) ?? { sheet, id: randomUUID(), isImport: random() < 0.3 };
      items.set(token, item);
      parts[client]!.push(item);
    }
  }
  return parts.map((part) => {
    const twice = part.filter(() => random() < 0.1);
    return tasksOf(shuffled([...part, ...twice], random), random);
  });
}

/** One by one and in batches of 10 to 120 lines. */
function tasksOf(items: readonly Item[], random: () => number): Task[] {
  const tasks: Task[] = [];
  let batch: Item[] = [];
  let size = 10;
  for (const item of items) {
    if (!item.isImport && random() < 0.5) tasks.push({ items: [item], isBatch: false });
    else batch.push(item);
    if (batch.length < size) continue;
    tasks.push({ items: batch, isBatch: true });
    batch = [];
    size = 10 + Math.floor(random() * 110);
  }
  return batch.length > 0 ? [...tasks, { items: batch, isBatch: true }] : tasks;
}

export class Storm {
  readonly #settings: StormSettings;
  readonly #random: () => number;
  readonly #acknowledged: Acknowledged[] = [];
  readonly #attempts = new Map<string, string>();
  readonly #contradictions: string[] = [];
  readonly #counts: Record<string, number> = { kills: 0, 'kills while starting': 0, requests: 0, 'sent again': 0 };
  readonly #url: string;
  #server: TallyServer;
  #settled = 0;
  /** A client was answered what it must not be: the others need not go on. */
  #failed = false;

  constructor(settings: StormSettings) {
    this.#settings = settings;
    this.#server = settings.server;
    this.#url = `${settings.server.url}/api/v1/elections/${settings.election}`;
    this.#random = randomFrom(settings.seed);
  }

  /** The server that runs now. */
  get server(): TallyServer {
    return this.#server;
  }

  async run(): Promise<StormReport> {
    const begun = Date.now();
    const parts = share(this.#settings, this.#random);
    const total = parts.flat().reduce((sum, { items }) => sum + items.length, 0);
    const killing = this.#killAgainAndAgain(total);
    const clients = parts.map((tasks, client) => this.#send(tasks, this.#settings.tokens[client]!));
    for (const client of clients)
      client.catch(() => {
        this.#failed = true;
      });
    const ended = await Promise.allSettled([...clients, killing]);
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
    return {
      acknowledged: this.#acknowledged,
      counts: { sheets: total, ...this.#counts },
      contradictions: this.#contradictions,
      seconds: (Date.now() - begun) / 1000,
    };
  }

  async #killAgainAndAgain(total: number): Promise<void> {
    const { data, kills } = this.#settings;
    const moments = Array.from({ length: kills }, () => this.#random() * total * 0.98).sort((a, b) => a - b);
    const { port } = this.#server;
    while (moments.length > 0) {
      const moment = moments.shift()!;
      while (this.#settled < moment && !this.#failed) await sleep(2);
      if (this.#failed) return;
      await sleep(this.#random() * 40);
      await this.#server.kill();
      this.#counts.kills! += 1;
      if (moments.length > 0 && this.#random() < 0.3) {
        moments.shift();
        await TallyServer.startAndKill({ data, port }, 50 + this.#random() * 700);
        this.#counts.kills! += 1;
        this.#counts['kills while starting']! += 1;
      }
      this.#server = await TallyServer.start({ data, port });
    }
  }

  /** One client: its tasks in order, each sent again with the same ids until every line has its outcome. */
  async #send(tasks: readonly Task[], token: string): Promise<void> {
    for (const { items, isBatch } of tasks) {
      let open = items;
      for (let tries = 0; open.length > 0 && !this.#failed; tries += 1) {
        if (tries > 0) {
          this.#counts['sent again']! += open.length;
          await sleep(30 + this.#random() * 100);
        }
        this.#counts.requests! += 1;
        open = isBatch ? await this.#sendBatch(open, token) : await this.#sendOne(open[0]!, token);
        if (tries > 1_000) throw new Error(`no outcome for ${open[0]!.sheet.station} after ${tries} tries`);
      }
    }
  }

  /** Returns what is still open. */
  async #sendOne(item: Item, token: string): Promise<readonly Item[]> {
    const response = await this.#post('/sheets', token, textOf(item), 'json');
    if (!response) return [item];
    const text = await response.text().catch(() => null);
    if (text === null || response.status === 202 || response.status === 503) return [item];
    this.#settle(item, outcomeOfOne(response.status, JSON.parse(text)));
    return [];
  }

  async #sendBatch(items: readonly Item[], token: string): Promise<readonly Item[]> {
    const body = items.map((item) => `${textOf(item)}\n`).join('');
    const response = await this.#post('/sheets:batch', token, body, 'x-ndjson');
    if (!response) return items;
    if (response.status !== 200) {
      await response.text().catch(() => null);
      if (response.status === 503) return items;
      throw new Error(`a batch was answered ${response.status}`);
    }
    const open = new Set(items);
    for await (const line of linesOf(response)) {
      const answer = JSON.parse(line) as Record<string, unknown>;
      const item = items[Number(answer.line) - 1]!;
      const outcome = outcomeOfLine(answer);
      if (!outcome) continue;
      open.delete(item);
      this.#settle(item, outcome);
    }
    return [...open];
  }

  /** null where no answer came: the server is gone. */
  #post(path: string, token: string, body: string, type: string): Promise<Response | null> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': `application/${type}` };
    return fetch(this.#url + path, { method: 'POST', headers, body }).catch(() => null);
  }

  #settle({ id, sheet }: Item, { word, acknowledged }: Outcome): void {
    this.#settled += 1;
    this.#counts[word] = (this.#counts[word] ?? 0) + 1;
    if (!acknowledged) return;
    if (acknowledged.id !== id || acknowledged.station !== sheet.station) this.#contradictions.push(id);
    const before = this.#attempts.get(id);
    if (before !== undefined && before !== acknowledged.attempt) this.#contradictions.push(id);
    this.#attempts.set(id, acknowledged.attempt);
    this.#acknowledged.push(acknowledged);
  }
}

function textOf({ sheet, id, isImport }: Item): string {
  return JSON.stringify({ ...sheet, id, ...(isImport ? { reason: 'a file' } : { expectedRevision: 0 }) });
}

/** Lines of a streamed answer, as far as it came; a last line that is cut off is none. */
async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body!) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
  } catch {
    // The server died while it answered; what came of the answer holds.
  }
}

function outcomeOfOne(status: number, answer: Record<string, unknown>): Outcome {
  if (status === 201 || status === 200) {
    const { station, id, revision, attempt } = answer as unknown as Acknowledged;
    return { word: status === 201 ? 'accepted' : 'repeated', acknowledged: { station, id, revision, attempt } };
  }
  const sheet = answer.sheet as { standing?: unknown } | undefined;
  if (status === 409 && answer.rejection === 'stale-revision' && sheet?.standing) return { word: 'conflict' };
  throw new Error(`a sheet was answered ${status}: ${JSON.stringify(answer)}`);
}

/** null where the line is to be sent again. */
function outcomeOfLine(answer: Record<string, unknown>): Outcome | null {
  const { outcome, station, id, revision, attempt } = answer as unknown as Acknowledged & { outcome: string };
  if (outcome === 'accepted') return { word: outcome, acknowledged: { station, id, revision, attempt } };
  if (outcome === 'unchanged' || (outcome === 'conflict' && answer.rejection === 'stale-revision'))
    return { word: outcome };
  if (outcome === 'unconfirmed' || outcome === 'pending') return null;
  throw new Error(`a line was answered ${JSON.stringify(answer)}`);
}
