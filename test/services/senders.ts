/**
 * Senders of sheets for tests in which things die: they send overlapping parts of an election to one or several servers,
 * repeat with the same ids until they know, and keep the ledger of what was acknowledged. Everything is drawn from a
 * seed: who sends what, in which order, one by one or in batches, and what is sent twice.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { shuffled } from '../kit/random.ts';
import type { Sheet } from './georgia.ts';
import { linesOf } from './streamed.ts';

export interface SendersSettings {
  /** Where servers are; each request goes to one of them. */
  readonly urls: readonly string[];
  readonly election: string;
  /** Accounts of clerks, by client; clients may share one. */
  readonly tokens: readonly string[];
  readonly sheets: readonly Sheet[];
  /** Sent by further clients once the sheet they correct is known to stand: its second revision, and its last figures. */
  readonly corrections?: readonly Sheet[];
  readonly random: () => number;
}

/** A sheet that a client was told is in the log. */
export interface Acknowledged {
  readonly station: string;
  readonly id: string;
  readonly revision: number;
  /** `SHARD:OFFSET` */
  readonly attempt: string;
  /** The answer as it came, where it has a receipt in it. */
  readonly receipt?: string;
}

export interface SendersReport {
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
  /** What the sheet says beside its figures. */
  readonly as: Readonly<Record<string, unknown>>;
}

interface Task {
  readonly items: readonly Item[];
  readonly isBatch: boolean;
}

type Outcome = { readonly word: string; readonly acknowledged?: Acknowledged };

const FIRST = { expectedRevision: 0 };
/** As an importer sends it: without `expectedRevision`, in batches only. */
const IMPORTED = { reason: 'a file' };
const CORRECTED = { expectedRevision: 1, reason: 'counted again', cause: 'recount' };

const MOST_TRIES = 1_000;
const ANSWER_MS = 30_000;

/** Every sheet goes to two or three clients; each of them sends a tenth of its own twice. */
function share({ sheets, tokens, corrections = [], random }: SendersSettings): Task[][] {
  const parts: Item[][] = tokens.map(() => []);
  // Sent again after its correction, a file's old figures would be a third revision.
  const corrected = new Set(corrections.map(({ station }) => station));
  for (const sheet of sheets) {
    // Clients of one account have copies of one file, ids included; another account makes its own.
    const items = new Map<string, Item>();
    const clients = shuffled([...tokens.keys()], random).slice(0, random() < 0.5 ? 2 : 3);
    for (const client of clients) {
      const token = tokens[client]!;
      const isImport = random() < 0.3 && !corrected.has(sheet.station);
      const item = items.get(token) ?? { sheet, id: randomUUID(), as: isImport ? IMPORTED : FIRST };
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
    if (item.as !== IMPORTED && random() < 0.5) tasks.push({ items: [item], isBatch: false });
    else batch.push(item);
    if (batch.length < size) continue;
    tasks.push({ items: batch, isBatch: true });
    batch = [];
    size = 10 + Math.floor(random() * 110);
  }
  return batch.length > 0 ? [...tasks, { items: batch, isBatch: true }] : tasks;
}

export class Senders {
  readonly #settings: SendersSettings;
  readonly #random: () => number;
  readonly #acknowledged: Acknowledged[] = [];
  readonly #standing = new Set<string>();
  readonly #attempts = new Map<string, string>();
  readonly #contradictions: string[] = [];
  readonly #counts: Record<string, number> = { requests: 0, 'sent again': 0 };
  readonly #parts: readonly (readonly Task[])[];
  /** Outcomes that all clients wait for together, corrections left out. */
  readonly total: number;
  #settled = 0;
  #failure: unknown = null;

  constructor(settings: SendersSettings) {
    this.#settings = settings;
    this.#random = settings.random;
    this.#parts = share(settings);
    this.total = this.#parts.flat().reduce((sum, { items }) => sum + items.length, 0);
  }

  /** Outcomes that were told so far. */
  get settled(): number {
    return this.#settled;
  }

  /** How often each outcome was told, and what else happened. */
  get counts(): Readonly<Record<string, number>> {
    return { sheets: this.total, ...this.#counts };
  }

  /** A client was answered what it must not be: the others do not go on. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** The others, too, do not go on. */
  giveUp(why: Error): void {
    this.#failure ??= why;
  }

  /** Resolves once every client knows the outcome of all that it sent; rejects with what a client must not be told. */
  async run(): Promise<SendersReport> {
    const begun = Date.now();
    const { tokens, corrections = [] } = this.#settings;
    const clients = [
      ...this.#parts.map((tasks, client) => this.#send(tasks, tokens[client]!)),
      ...corrections.map((sheet, place) => this.#correct(sheet, tokens[place % tokens.length]!)),
    ];
    await Promise.all(clients.map((client) => client.catch((error: unknown) => this.giveUp(error as Error))));
    if (this.#failure) throw this.#failure;
    return {
      acknowledged: this.#acknowledged,
      counts: this.counts,
      contradictions: this.#contradictions,
      seconds: (Date.now() - begun) / 1000,
    };
  }

  async #correct(sheet: Sheet, token: string): Promise<void> {
    while (!this.#standing.has(sheet.station) && !this.hasFailed) await sleep(5);
    await this.#send([{ items: [{ sheet, id: randomUUID(), as: CORRECTED }], isBatch: false }], token);
  }

  /** One client: its tasks in order, each sent again with the same ids until every line has its outcome. */
  async #send(tasks: readonly Task[], token: string): Promise<void> {
    for (const { items, isBatch } of tasks) {
      let open = items;
      for (let tries = 0; open.length > 0 && !this.hasFailed; tries += 1) {
        if (tries > 0) {
          this.#counts['sent again']! += open.length;
          await sleep(30 + this.#random() * 100);
        }
        this.#counts.requests! += 1;
        open = isBatch ? await this.#sendBatch(open, token) : await this.#sendOne(open[0]!, token);
        if (tries > MOST_TRIES) throw new Error(`no outcome for ${open[0]!.sheet.station} after ${tries} tries`);
      }
    }
  }

  /** Returns what is still open. */
  async #sendOne(item: Item, token: string): Promise<readonly Item[]> {
    const answer = await this.#post('/sheets', token, textOf(item), 'json', async (response) => {
      const text = await response.text().catch(() => null);
      return text === null ? null : { status: response.status, text };
    });
    if (!answer) return [item];
    if (answer.status === 202 || answer.status === 503) {
      this.#count(`answered ${answer.status}`);
      return [item];
    }
    this.#settle(item, outcomeOfOne(answer.status, JSON.parse(answer.text)));
    return [];
  }

  async #sendBatch(items: readonly Item[], token: string): Promise<readonly Item[]> {
    const body = items.map((item) => `${textOf(item)}\n`).join('');
    const open = await this.#post('/sheets:batch', token, body, 'x-ndjson', (response) =>
      this.#readBatch(items, response),
    );
    return open ?? items;
  }

  async #readBatch(items: readonly Item[], response: Response): Promise<readonly Item[]> {
    if (response.status !== 200) {
      const text = await response.text().catch(() => null);
      this.#count(`answered ${response.status}`);
      if (response.status === 503) return items;
      throw new Error(`a batch was answered ${response.status}: ${text}`);
    }
    const open = new Set(items);
    for await (const line of linesOf(response)) {
      const answer = JSON.parse(line) as Record<string, unknown>;
      const item = items[Number(answer.line) - 1]!;
      const outcome = outcomeOfLine(answer);
      if (!outcome) {
        this.#count(String(answer.outcome));
        continue;
      }
      open.delete(item);
      this.#settle(item, outcome);
    }
    return [...open];
  }

  /** Posts and reads the answer within its time; null where none came: the server is gone, or hangs. */
  async #post<T>(
    path: string,
    token: string,
    body: string,
    type: string,
    read: (response: Response) => Promise<T>,
  ): Promise<T | null> {
    const { urls, election } = this.#settings;
    const url = `${urls[Math.floor(this.#random() * urls.length)]!}/api/v1/elections/${election}${path}`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': `application/${type}` };
    const late = new AbortController();
    const timer = setTimeout(() => {
      this.#count('not answered in time');
      late.abort();
    }, ANSWER_MS);
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal: late.signal }).catch(() => null);
      if (response) return await read(response);
      this.#count('no answer');
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  #count(what: string): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
  }

  #settle({ id, sheet }: Item, { word, acknowledged }: Outcome): void {
    this.#settled += 1;
    this.#count(word);
    this.#standing.add(sheet.station);
    if (!acknowledged) return;
    if (acknowledged.id !== id || acknowledged.station !== sheet.station) this.#contradictions.push(id);
    const before = this.#attempts.get(id);
    if (before !== undefined && before !== acknowledged.attempt) this.#contradictions.push(id);
    this.#attempts.set(id, acknowledged.attempt);
    this.#acknowledged.push(acknowledged);
  }
}

function textOf({ sheet, id, as }: Item): string {
  return JSON.stringify({ ...sheet, id, ...as });
}

function outcomeOfOne(status: number, answer: Record<string, unknown>): Outcome {
  if (status === 201 || status === 200) {
    const { station, id, revision, attempt } = answer as unknown as Acknowledged;
    const receipt = answer.receipt ? { receipt: JSON.stringify(answer) } : {};
    const acknowledged = { station, id, revision, attempt, ...receipt };
    return { word: status === 201 ? 'accepted' : 'repeated', acknowledged };
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
