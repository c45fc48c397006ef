/**
 * What the soak sends, and what it was told: every sheet has one sender at a time, so that each request has one right
 * answer. A sender repeats with the same id until it knows what became of a sheet.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sheet } from '../services/georgia.ts';

/** A sheet that a sender was told is in the log. */
export interface Acknowledged {
  readonly id: string;
  readonly station: string;
  readonly revision: number;
  /** `SHARD:OFFSET` */
  readonly attempt: string;
  /** By the clock of this process, milliseconds: first sent, and told. */
  readonly sentAt: number;
  readonly toldAt: number;
}

export interface DeskParts {
  readonly election: string;
  readonly token: string;
  readonly sheets: readonly Sheet[];
  readonly random: () => number;
  /** One of the apis, dead or alive. */
  readonly api: () => string;
}

interface Draft extends Sheet {
  readonly id: string;
  readonly expectedRevision: number;
  readonly reason?: string;
  readonly cause?: string;
}

interface Kept {
  readonly revision: number;
  readonly sheet: Sheet;
}

type Told = { readonly revision: number; readonly attempt: string } | 'again';

const MOST_TRIES = 2_000;

export class Desk {
  readonly acknowledged: Acknowledged[] = [];
  /** Answers that no sender should get. */
  readonly wrong: string[] = [];
  sentAgain = 0;
  readonly #parts: DeskParts;
  readonly #fresh: Sheet[];
  /** Sheets that stand and nobody works on. */
  readonly #idle: Kept[] = [];

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#fresh = [...parts.sheets];
  }

  /** Sends up to so many first sheets as one batch; false where none is left. */
  async writeBatch(most: number): Promise<boolean> {
    const sheets = this.#fresh.splice(0, 1 + Math.floor(this.#parts.random() * most));
    if (sheets.length === 0) return false;
    await this.#settle(sheets.map((sheet) => ({ ...sheet, id: randomUUID(), expectedRevision: 0 })));
    return true;
  }

  /** Sends one sheet that nobody has sent yet; false where none is left. */
  async write(): Promise<boolean> {
    const sheet = this.#fresh.shift();
    if (!sheet) return false;
    await this.#settle([{ ...sheet, id: randomUUID(), expectedRevision: 0 }]);
    return true;
  }

  /** Corrects one of the sheets that stand; false where none is idle. */
  async correct(): Promise<boolean> {
    const [kept] = this.#idle.splice(Math.floor(this.#parts.random() * this.#idle.length), 1);
    if (!kept) return false;
    const { sheet, revision } = kept;
    const votes = Object.fromEntries(
      Object.entries(sheet.votes).map(([number, count]) => [number, count + Math.floor(this.#parts.random() * 3)]),
    );
    // The same figures again would be no correction.
    const [first] = Object.keys(votes);
    votes[first!]! += 1;
    const draft = { ...sheet, votes, id: randomUUID(), expectedRevision: revision, reason: 'counted again' };
    await this.#settle([{ ...draft, cause: 'recount' }]);
    return true;
  }

  /** Several at once the first time; what is open then is asked for alone, and told its first outcome. */
  async #settle(drafts: readonly Draft[]): Promise<void> {
    const sentAt = Date.now();
    const told = drafts.length > 1 ? await this.#postBatch(drafts) : new Map<Draft, Told>();
    for (const draft of drafts) {
      let answer = told.get(draft) ?? (await this.#postOne(draft));
      for (let tries = 1; answer === 'again'; tries += 1) {
        if (tries > MOST_TRIES) throw new Error(`no outcome for ${draft.station} after ${tries} tries`);
        this.sentAgain += 1;
        await delay(50 + this.#parts.random() * 200);
        answer = await this.#postOne(draft);
      }
      this.#take(draft, answer, sentAt);
    }
  }

  #take(draft: Draft, { revision, attempt }: Exclude<Told, string>, sentAt: number): void {
    const { id, station, contest, fields, votes, expectedRevision } = draft;
    this.acknowledged.push({ id, station, revision, attempt, sentAt, toldAt: Date.now() });
    if (revision !== expectedRevision + 1) this.wrong.push(`${station}: revision ${revision} on ${expectedRevision}`);
    this.#idle.push({ revision, sheet: { station, contest, fields, votes } });
  }

  async #postOne(draft: Draft): Promise<Told> {
    const answer = await this.#post('sheets', 'json', JSON.stringify(draft));
    if (!answer || answer.status === 202 || answer.status === 503) return 'again';
    if (answer.status === 201 || answer.status === 200) return toldBy(JSON.parse(answer.text));
    throw new Error(`${draft.station} was answered ${answer.status}: ${answer.text}`);
  }

  async #postBatch(drafts: readonly Draft[]): Promise<Map<Draft, Told>> {
    const body = drafts.map((draft) => `${JSON.stringify(draft)}\n`).join('');
    const answer = await this.#post('sheets:batch', 'x-ndjson', body);
    if (!answer || answer.status === 503) return new Map();
    if (answer.status !== 200) throw new Error(`a batch was answered ${answer.status}: ${answer.text}`);
    // What follows the last line's end was cut off.
    const lines = answer.text.split('\n').slice(0, -1);
    return new Map(lines.map((line) => this.#lineTold(drafts, JSON.parse(line))));
  }

  #lineTold(drafts: readonly Draft[], answer: Record<string, unknown>): [Draft, Told] {
    const draft = drafts[Number(answer.line) - 1]!;
    const { outcome } = answer;
    if (outcome === 'accepted' || outcome === 'held') return [draft, toldBy(answer)];
    if (outcome === 'pending' || outcome === 'unconfirmed') return [draft, 'again'];
    throw new Error(`a line was answered ${JSON.stringify(answer)}`);
  }

  /** null where no answer came. What came of an answer that was cut off is given. */
  async #post(path: string, type: string, body: string): Promise<{ status: number; text: string } | null> {
    const { api, election, token } = this.#parts;
    const headers = { authorization: `Bearer ${token}`, 'content-type': `application/${type}` };
    try {
      const url = `${api()}/api/v1/elections/${election}/${path}`;
      const signal = AbortSignal.timeout(30_000);
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      return { status: response.status, text: await response.text() };
    } catch {
      return null;
    }
  }
}

function toldBy(answer: Record<string, unknown>): Exclude<Told, string> {
  return { revision: Number(answer.revision), attempt: String(answer.attempt) };
}
