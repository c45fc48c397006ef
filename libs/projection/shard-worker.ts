/**
 * Folds one shard of one election into one version of its read model, in batches.
 *
 * The state comes from the log, never from the model's documents, which may be ahead of the checkpoint after a crash:
 * it is folded from offset 0, silently up to the checkpoint, and written from there. The checkpoint moves only from
 * where the worker left it; a store that comes back older is noticed (`behind`), and the worker starts anew. It names
 * its log, so that a worker that is given another one under the same name stands still and says so.
 */
import { createHash } from 'node:crypto';
import { type Folded, ShardFold } from '#domain';
import type { LogRecord } from '#event-log';
import type { ShardTree } from '#log-tree';
import {
  AT_START,
  type AttemptDoc,
  type Checkpoint,
  type NoteDoc,
  type ReadModel,
  type SheetDoc,
  STATE_EVERY,
  type TotalsDoc,
} from '#read-model';
import { attemptDoc, noteDoc, sheetDoc, totalsDoc } from './documents.ts';
import type { ServedElection } from './elections.ts';

/** What a batch changed: absolute values, true at `to` of the shard. Published after the checkpoint. */
export interface Changes {
  readonly election: string;
  readonly version: number;
  readonly shard: number;
  /** Offsets from `from` up to, not including, `to` were folded. */
  readonly from: number;
  readonly to: number;
  /** Log time of the last record, milliseconds. */
  readonly asOf: number;
  readonly attempts: readonly AttemptDoc[];
  readonly notes: readonly NoteDoc[];
  readonly totals: readonly TotalsDoc[];
}

export interface WorkerOptions {
  /** At most so many records a batch; default 2,000. */
  readonly batch?: number;
  /** How long an idle worker waits before it looks at its checkpoint again, milliseconds; default 1,000. */
  readonly idleMs?: number;
  readonly onChanges: (changes: Changes) => void;
  /** The tree of the shard: it is given every record that is written. */
  readonly tree?: ShardTree;
  /** Told of faults that the worker waits out (store full, unreachable), and of recovery (null). */
  readonly onFault?: (error: Error | null) => void;
}

export class ShardWorker {
  readonly shard: number;
  readonly #served: ServedElection;
  readonly #model: ReadModel;
  readonly #options: WorkerOptions;
  #stop = new AbortController();
  #fold: ShardFold;
  /** Whether the fold is where the model is. */
  #isLoaded = false;
  /** Checkpoint of the model as this worker found or left it. */
  #written = AT_START;
  #running: Promise<void> | null = null;

  constructor(served: ServedElection, model: ReadModel, shard: number, options: WorkerOptions) {
    this.#served = served;
    this.#model = model;
    this.shard = shard;
    this.#options = options;
    this.#fold = new ShardFold(served.election, shard, STATE_EVERY);
  }

  /** The next offset to be written: everything before is in the model. */
  get position(): number {
    return this.#written.offset;
  }

  /** Looks where the model is, so that `position` says so before the state is loaded. */
  async locate(): Promise<void> {
    this.#written = await this.#model.checkpoint(this.shard);
  }

  /** Begins, or goes on where `stop` ended it. */
  start(): void {
    if (this.#running) return;
    this.#stop = new AbortController();
    this.#running = this.#run();
  }

  /** Ends after the batch at hand. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#running = null;
  }

  async #run(): Promise<void> {
    let faulty = false;
    while (!this.#stop.signal.aborted) {
      try {
        if (!this.#isLoaded) await this.#load();
        if (this.#isLoaded) this.#isLoaded = await this.#step();
        if (faulty) this.#options.onFault?.(null);
        faulty = false;
      } catch (error) {
        faulty = true;
        this.#isLoaded = false;
        this.#options.onFault?.(error instanceof Error ? error : new Error(String(error)));
        await this.#pause(1_000);
      }
    }
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
  }

  /** Folds from offset 0, silently up to the model's checkpoint. */
  async #load(): Promise<void> {
    await this.locate();
    const { offset } = this.#written;
    await this.#mustBeOfThisLog(this.#written);
    this.#fold = new ShardFold(this.#served.election, this.shard, STATE_EVERY);
    await this.#foldSilently(offset);
    await this.#options.tree?.begin(offset);
    this.#isLoaded = this.#fold.next === offset;
  }

  async #mustBeOfThisLog({ offset, log }: Checkpoint): Promise<void> {
    if (offset === 0) return;
    const end = await this.#served.log.end(this.shard);
    const [first] = await this.#served.log.read(this.shard, 0, { maxRecords: 1 });
    if (offset <= end && first && nameOf(first) === log) return;
    const why = offset > end ? `the log ends at ${end}` : 'the log begins with another record';
    throw new Error(
      `read model ${this.#model.election}/${this.#model.version} is at ${this.shard}:${offset}, but ${why}: ` +
        'the model belongs to another log. Restore that log, or project this one into an empty read model.',
    );
  }

  async #foldSilently(to: number): Promise<void> {
    while (this.#fold.next < to && !this.#stop.signal.aborted) {
      const maxRecords = Math.min(5_000, to - this.#fold.next);
      const records = await this.#served.log.read(this.shard, this.#fold.next, { maxRecords });
      if (records.length === 0) throw new Error(`shard ${this.shard} ends at ${this.#fold.next}, before ${to}`);
      for (const record of records) this.#fold.fold(record);
      this.#fold.discard();
    }
  }

  /** One batch; false where the state must be loaded anew. */
  async #step(): Promise<boolean> {
    const records = await this.#served.log.read(this.shard, this.#fold.next, {
      maxRecords: this.#options.batch ?? 2_000,
      waitMs: this.#options.idleMs ?? 1_000,
      signal: this.#stop.signal,
    });
    const last = records.at(-1);
    if (!last) return this.#stop.signal.aborted || (await this.#isWhereItWas());
    const log = records[0]!.offset === 0 ? nameOf(records[0]!) : this.#written.log;
    const changes = this.#foldBatch(records);
    const to: Checkpoint = { offset: changes.to, logTime: changes.asOf, log };
    const written = await this.#model.write({
      shard: this.shard,
      attempts: changes.attempts,
      notes: changes.notes,
      sheets: changes.sheets,
      totals: changes.totals,
      states: changes.states,
      checkpoint: { from: this.#written.offset, to },
    });
    if (written.outcome !== 'moved') return false;
    this.#written = to;
    this.#options.onChanges(changes);
    this.#options.tree?.add(records, (i) => changes.attempts[i]?.outcome === 'rejected');
    return true;
  }

  async #isWhereItWas(): Promise<boolean> {
    const { offset, log } = await this.#model.checkpoint(this.shard);
    return offset === this.#written.offset && log === this.#written.log;
  }

  #foldBatch(records: readonly LogRecord[]): Changes & { sheets: SheetDoc[]; states: TotalsDoc[] } {
    const { election } = this.#served;
    const attempts: AttemptDoc[] = [];
    const notes: NoteDoc[] = [];
    for (const record of records) {
      const folded: Folded = this.#fold.fold(record);
      attempts.push(attemptDoc(election, this.shard, record, folded));
      const note = noteDoc(this.shard, record, folded);
      if (note) notes.push(note);
    }
    const { sheets, parts, states } = this.#fold.drain();
    const last = records.at(-1)!;
    return {
      election: election.definition.id,
      version: this.#model.version,
      shard: this.shard,
      from: records[0]!.offset,
      to: last.offset + 1,
      asOf: last.logTime,
      attempts,
      notes,
      sheets: sheets.map((sheet) => sheetDoc(this.shard, sheet)),
      totals: parts.map((part) => totalsDoc(this.shard, part)),
      states: states.map((part) => totalsDoc(this.shard, part)),
    };
  }
}

/** What a shard's record 0 calls its log: another log hardly begins with the same bytes at the same moment. */
function nameOf({ logTime, value }: LogRecord): string {
  return createHash('sha256').update(`${logTime}\n`).update(value).digest('hex');
}
