/**
 * Replays that managers start and watch: one at a time for an election, whichever process runs it. How far it is stands in
 * the store, for every process to tell; whoever runs it keeps the model beside from being taken for abandoned.
 */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ElectionId } from '#domain';
import { type Rebuilt, rebuildBeside, type ServedElection, settleRebuilt } from '#projection';
import type { ReplayProgress, ReplayReport, ReplayStage, ReplayStateAnswer } from '#wire';
import { ProblemError } from '../http/problems.ts';
import { SERVICES, type Services } from '../services.ts';

/** How long a model stands beside the live one at most, and so how long there is a way back. */
const KEPT_MS = 60 * 60_000;
/** How often the model beside is touched, and looked whether it is still wanted. */
const LOOK_MS = 5_000;
const WRITE_EVERY_MS = 500;
/** A replay of which nothing stands in the store is taken for broken off after so long. */
const SILENT_MS = 60_000;

/** As it is written down. */
interface Note {
  readonly run: string;
  readonly stage: ReplayStage;
  readonly startedAt: number;
  readonly stageAt: number;
  readonly seenAt: number;
  readonly done: number;
  readonly total: number;
  readonly behind: number;
  /** The model beside the live one. */
  readonly version: number | null;
  readonly report: ReplayReport | null;
  readonly keptUntil: number | null;
  readonly problem: 'interrupted' | 'failed' | null;
}

interface Read {
  readonly revision: number;
  readonly note: Note | null;
}

const UNDER_WAY: readonly ReplayStage[] = ['rebuilding', 'comparing'];
const KEPT: readonly ReplayStage[] = ['compared', 'switched'];

@Injectable()
export class Rebuilds implements OnModuleDestroy {
  readonly #services: Services;
  readonly #running = new Map<ElectionId, AbortController>();
  readonly #watching = new Map<ElectionId, NodeJS.Timeout>();
  #isStopping = false;

  constructor(@Inject(SERVICES) services: Services) {
    this.#services = services;
  }

  onModuleDestroy(): void {
    this.#isStopping = true;
    for (const control of this.#running.values()) control.abort();
    for (const timer of this.#watching.values()) clearInterval(timer);
  }

  async state(served: ServedElection): Promise<ReplayStateAnswer> {
    const id = idOf(served);
    return answerOf(id, (await this.#read(id)).note);
  }

  /** Starts one and returns; throws `not-allowed` where one is under way. */
  async start(served: ServedElection): Promise<void> {
    const run = await this.#begin(served);
    void this.#rebuild(served, run).then(
      (rebuilt) => this.#keep(served, run, rebuilt),
      () => undefined,
    );
  }

  /** Runs one to its end, puts the rebuilt model in place if asked to, and leaves none beside the live one. */
  async whole(
    served: ServedElection,
    isToSwitch: boolean,
    { onBegun, onProgress }: { readonly onBegun: () => void; readonly onProgress: (progress: ReplayProgress) => void },
  ): Promise<ReplayReport> {
    const id = idOf(served);
    const run = await this.#begin(served);
    onBegun();
    const rebuilt = await this.#rebuild(served, run, onProgress);
    let { report } = rebuilt;
    try {
      report = await settleRebuilt(this.#services, rebuilt, isToSwitch);
      return report;
    } finally {
      await this.#change(id, run, { stage: 'ended', report, version: null });
    }
  }

  /** Puts the model beside in place; the one that was live is kept beside then. */
  async switchTo(served: ServedElection, to: 'rebuilt' | 'former'): Promise<void> {
    const id = idOf(served);
    const { projection } = this.#services;
    const { note } = await this.#read(id);
    const live = (await projection.model(id))?.version;
    const beside = to === 'rebuilt' ? 'compared' : 'switched';
    if (!note || note.stage !== beside || note.version === null || live === undefined)
      throw new ProblemError('not-allowed', `No ${to} model stands beside the live one.`);
    if (!(await projection.switchTo(id, note.version, { keepsFormer: true })))
      throw new ProblemError(
        'not-allowed',
        'The model could not be put in place: it is behind, or another was quicker.',
      );
    const stage = to === 'rebuilt' ? 'switched' : 'compared';
    const report = note.report && { ...note.report, switched: to === 'rebuilt' };
    await this.#change(id, note.run, { stage, report, version: live, keptUntil: Date.now() + KEPT_MS });
  }

  /** Ends a replay, or drops the model beside the live one. */
  async discard(served: ServedElection): Promise<void> {
    const id = idOf(served);
    const { note } = await this.#read(id);
    if (!note || ![...UNDER_WAY, ...KEPT].includes(note.stage))
      throw new ProblemError('not-allowed', 'No replay is under way, and no model stands beside the live one.');
    await this.#change(id, note.run, { stage: 'ended', version: null, keptUntil: null });
    // Whoever runs it notices, and drops what it made.
    this.#running.get(id)?.abort();
    if (KEPT.includes(note.stage) && note.version !== null) await this.#services.projection.retire(id, note.version);
  }

  /* ------------------------------------------------------------ running */

  async #begin(served: ServedElection): Promise<string> {
    const id = idOf(served);
    const { revision, note } = await this.#read(id);
    if (note && UNDER_WAY.includes(note.stage))
      throw new ProblemError('not-allowed', `A replay of ${id} is under way.`);
    const now = Date.now();
    const begun: Note = {
      run: randomUUID(),
      stage: 'rebuilding',
      startedAt: now,
      stageAt: now,
      seenAt: now,
      done: 0,
      total: 0,
      behind: 0,
      version: null,
      report: null,
      keptUntil: null,
      problem: null,
    };
    if (!(await this.#services.models.noteRebuild(id, revision, JSON.stringify(begun))))
      throw new ProblemError('not-allowed', `A replay of ${id} is under way.`);
    if (note && note.version !== null) await this.#services.projection.retire(id, note.version);
    return begun.run;
  }

  async #rebuild(
    served: ServedElection,
    run: string,
    onProgress?: (progress: ReplayProgress) => void,
  ): Promise<Rebuilt> {
    const id = idOf(served);
    const control = new AbortController();
    this.#running.set(id, control);
    let writing: Promise<void> = Promise.resolve();
    let last: ReplayProgress | null = null;
    let lastMs = 0;
    const write = (progress: ReplayProgress): void => {
      onProgress?.(progress);
      const now = Date.now();
      if (now - lastMs < WRITE_EVERY_MS && progress.stage === last?.stage) return;
      const stageAt = progress.stage === last?.stage ? {} : { stageAt: now };
      [last, lastMs] = [progress, now];
      writing = writing
        .then(() => this.#change(id, run, { ...progress, behind: progress.behind ?? 0, ...stageAt }))
        .then((isWanted) => {
          if (!isWanted) control.abort();
        })
        // A store that is away now is written to at the next progress; the rebuilding itself meets the same fault.
        .catch(() => undefined);
    };
    try {
      const rebuilt = await rebuildBeside(this.#services, served, {
        signal: control.signal,
        onProgress: write,
        onMade: async (version) => {
          if (!(await this.#change(id, run, { version }))) throw new Error('the replay was ended');
        },
      });
      await writing;
      return rebuilt;
    } catch (error) {
      await writing;
      if (!control.signal.aborted) this.#services.report?.(error);
      if (!this.#isStopping)
        await this.#change(id, run, { stage: 'failed', version: null, problem: 'failed' }).catch((fault: unknown) =>
          this.#services.report?.(fault),
        );
      throw error;
    } finally {
      this.#running.delete(id);
    }
  }

  /** The rebuilt model stands beside the live one for a while. */
  async #keep(served: ServedElection, run: string, { version, report, letGo }: Rebuilt): Promise<void> {
    const id = idOf(served);
    try {
      const isWanted = await this.#change(id, run, {
        stage: 'compared',
        report,
        version,
        keptUntil: Date.now() + KEPT_MS,
      });
      if (!isWanted) await this.#services.projection.retire(id, version);
      else if (!this.#isStopping) {
        clearInterval(this.#watching.get(id));
        this.#watching.set(
          id,
          setInterval(() => void this.#watch(served, run), LOOK_MS),
        );
      }
    } catch (error) {
      this.#services.report?.(error);
    } finally {
      letGo();
    }
  }

  async #watch(served: ServedElection, run: string): Promise<void> {
    const id = idOf(served);
    try {
      const { note } = await this.#read(id);
      if (note?.run !== run || note.version === null) clearInterval(this.#watching.get(id));
      else if (note.keptUntil !== null && note.keptUntil < Date.now()) await this.discard(served);
      else await this.#services.models.touch(id, note.version);
    } catch (error) {
      this.#services.report?.(error);
    }
  }

  /* ------------------------------------------------------------ what stands in the store */

  async #read(id: ElectionId): Promise<Read> {
    const { models } = this.#services;
    const stored = await models.rebuildNote(id);
    if (!stored) return { revision: 0, note: null };
    const note = JSON.parse(stored.text) as Note;
    const versions = (await models.pointer(id))?.versions ?? [];
    return { revision: stored.revision, note: asItIs(note, versions) };
  }

  /** Writes a change down; false where the replay is over, or another one. */
  async #change(id: ElectionId, run: string, change: Partial<Note>): Promise<boolean> {
    for (;;) {
      const { revision, note } = await this.#read(id);
      if (!note || note.run !== run || note.stage === 'ended' || note.stage === 'failed') return false;
      const next: Note = { ...note, ...change, seenAt: Date.now() };
      if (await this.#services.models.noteRebuild(id, revision, JSON.stringify(next))) return true;
    }
  }
}

/** What was written down by a process that is no more: its model was dropped, or nothing was heard of it. */
function asItIs(note: Note, versions: readonly number[]): Note {
  const isThere = note.version === null ? Date.now() - note.seenAt < SILENT_MS : versions.includes(note.version);
  if (isThere) return note;
  if (UNDER_WAY.includes(note.stage)) return { ...note, stage: 'failed', version: null, problem: 'interrupted' };
  return KEPT.includes(note.stage) ? { ...note, stage: 'ended', version: null, keptUntil: null } : note;
}

function answerOf(election: ElectionId, note: Note | null): ReplayStateAnswer {
  const time = (ms: number | null | undefined): string | null => (ms == null ? null : new Date(ms).toISOString());
  const { done = 0, total = 0, stageAt = 0, seenAt = 0 } = note ?? {};
  const seconds = (seenAt - stageAt) / 1_000;
  const perSecond = seconds > 0 && done > 0 ? done / seconds : null;
  return {
    election,
    stage: note?.stage ?? 'none',
    startedAt: time(note?.startedAt),
    done,
    total,
    perSecond,
    secondsLeft: perSecond === null ? null : Math.max(0, total - done) / perSecond,
    behind: note?.behind ?? 0,
    report: note?.report ?? null,
    keptUntil: time(note?.keptUntil),
    problem: note?.problem ?? null,
  };
}

function idOf({ election }: ServedElection): ElectionId {
  return election.definition.id;
}
