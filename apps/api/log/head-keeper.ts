/**
 * Signs election heads and keeps them: when a log has come to rest, every few minutes while it grows, and when a contest
 * is certified; with the fingerprint where that is public. Apis that run side by side do the same, and one is kept.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { seesEverything } from '#domain';
import { type KeptHead, TreeError } from '#log-tree';
import { certifiedContests, type ServedElection, type View } from '#projection';
import { Fingerprints } from '../audit/fingerprints.ts';
import { Desk } from '../http/desk.ts';
import { describe } from '../http/viewer.ts';
import { ToldOnce } from '../operation/told-once.ts';
import type { HeadTiming } from '../services.ts';

const USUAL: HeadTiming = { lookMs: 3_000, restMs: 15_000, everyMs: 300_000 };

/** What an election was like when it was looked at last. */
interface Seen {
  readonly events: number;
  /** Since when it has so many events, milliseconds since 1970. */
  readonly since: number;
  readonly certified: string;
}

@Injectable()
export class HeadKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #desk: Desk;
  readonly #fingerprints: Fingerprints;
  readonly #timing: HeadTiming;
  readonly #seen = new Map<string, Seen>();
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;
  #looking: Promise<void> = Promise.resolve();
  readonly #told: ToldOnce;

  constructor(@Inject(Desk) desk: Desk, @Inject(Fingerprints) fingerprints: Fingerprints) {
    this.#desk = desk;
    this.#fingerprints = fingerprints;
    this.#timing = { ...USUAL, ...desk.services.headTiming };
    this.#told = new ToldOnce(desk.services.report);
  }

  onApplicationBootstrap(): void {
    this.#rest();
  }

  #rest(): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().then(() => this.#rest());
    }, this.#timing.lookMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isOver = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      for (const served of await this.#desk.services.elections.list()) await this.#keepHeadOf(served);
      this.#told.over();
    } catch (error) {
      const isUnsigned = error instanceof TreeError && error.code === 'no-key';
      if (!isUnsigned) this.#told.fault(error);
    }
  }

  async #keepHeadOf(served: ServedElection): Promise<void> {
    const { projection, publicLog } = this.#desk.services;
    const { election } = served;
    const { id } = election.definition;
    if (!(await projection.model(id))) return;
    const [newest] = await publicLog.tree(id).heads(1);
    await this.#desk.reading(served, async (view) => {
      const certified = await certifiedContests(view);
      const isFrozen = (await this.#desk.services.freezes.standing(id)) !== null;
      const isPublic = !isFrozen && seesEverything(election, describe(election, Date.now(), certified, null).sight);
      const events = view.position.reduce((sum, end) => sum + end, 0);
      const isDue = this.#isDue(id, { events, certified: [...certified].sort().join(' ') }, newest);
      const isKept = newest?.events === events && (newest.hasFingerprint || !isPublic);
      if (!isDue || isKept || !(await publicLog.reaches(election, view.position))) return;
      await this.#sign(view, events, isPublic);
    });
  }

  #isDue(id: string, { events, certified }: Omit<Seen, 'since'>, newest: KeptHead | undefined): boolean {
    const now = Date.now();
    const before = this.#seen.get(id);
    const since = before?.events === events ? before.since : now;
    this.#seen.set(id, { events, since, certified });
    const { restMs, everyMs } = this.#timing;
    const wasDecided = before !== undefined && before.certified !== certified;
    return wasDecided || now - since >= restMs || now - Date.parse(newest?.time ?? '1970-01-01') >= everyMs;
  }

  async #sign(view: View, events: number, isPublic: boolean): Promise<void> {
    const { publicLog } = this.#desk.services;
    const { election } = view.served;
    const fingerprint = isPublic ? await this.#fingerprints.at(view, undefined) : null;
    const note = await publicLog.head(election, { position: view.position, fingerprint });
    const head = { events, hasFingerprint: isPublic, time: new Date().toISOString(), note };
    await publicLog.tree(election.definition.id).keepHead(head);
  }
}
