/**
 * Goes round one witness, always: whatever head was kept last, it is asked to cosign each shard's checkpoint there, until
 * it has. One that is away is asked again, less and less often. Apis that run side by side do the same, and one answer
 * is kept; a repeat does a witness no harm.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ElectionId } from '#domain';
import type { TreeReads } from '#log-tree';
import { parseHead, shardOrigin, takeApart } from '#transparency';
import { ToldOnce } from '../operation/told-once.ts';
import type { Services, WitnessAddress, WitnessTiming } from '../services.ts';
import { askWitness, WitnessError, type WitnessFault } from './ask-witness.ts';

const USUAL: WitnessTiming = { lookMs: 3_000, deadlineMs: 10_000, againMs: 5_000 };
const AGAIN_AT_MOST_MS = 60_000;
/** Another size, twice: somebody else asks at the same time. */
const TRIES = 3;

export type RoundOutcome = 'cosigned' | WitnessFault;

/** A shard of an election. */
interface Shard {
  readonly election: ElectionId;
  readonly shard: number;
}

/** How it stands with one shard at this witness. */
interface Standing {
  /** What it was brought to last. */
  size: number;
  /** It is not asked before, milliseconds since 1970; and after another failure so long. */
  notBefore: number;
  againMs: number;
  /** Why it did not cosign when it was asked last, which was told; null: it did. */
  fault: string | null;
}

export interface WitnessRoundsParts {
  readonly services: Services;
  readonly witness: WitnessAddress;
  readonly onOutcome: (election: ElectionId, outcome: RoundOutcome) => void;
}

export class WitnessRounds {
  readonly #parts: WitnessRoundsParts;
  readonly #timing: WitnessTiming;
  readonly #standings = new Map<string, Standing>();
  readonly #told: ToldOnce;

  constructor(parts: WitnessRoundsParts) {
    this.#parts = parts;
    this.#timing = { ...USUAL, ...parts.services.witnessTiming };
    this.#told = new ToldOnce(parts.services.report);
  }

  /** Resolves soon after the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#round(signal);
        this.#told.over();
      } catch (error) {
        this.#told.fault(error);
      }
      await delay(this.#timing.lookMs, undefined, { signal, ref: false }).catch((error: Error) => {
        if (error.name !== 'AbortError') throw error;
      });
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { elections, publicLog } = this.#parts.services;
    for (const { election } of await elections.list()) {
      const { id } = election.definition;
      const [newest] = await publicLog.tree(id).heads(1);
      const head = newest && parseHead(takeApart(newest.note)?.text ?? '');
      for (const [shard, { size }] of head?.shards.entries() ?? [])
        if (size > 0 && !signal.aborted) await this.#bring({ election: id, shard }, size, signal);
    }
  }

  /** Brings the witness to a size of a shard, unless it is there, or is let alone for a while. */
  async #bring(at: Shard, size: number, signal: AbortSignal): Promise<void> {
    const { services, witness, onOutcome } = this.#parts;
    const origin = shardOrigin(at.election, at.shard);
    const standing = this.#standings.get(origin) ?? {
      size: 0,
      notBefore: 0,
      againMs: this.#timing.againMs,
      fault: null,
    };
    this.#standings.set(origin, standing);
    if (standing.size >= size || Date.now() < standing.notBefore) return;
    try {
      const isNew = await this.#ask(at, size, signal);
      standing.size = size;
      standing.againMs = this.#timing.againMs;
      standing.fault = null;
      if (isNew) onOutcome(at.election, 'cosigned');
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof WitnessError)) throw error;
      standing.notBefore = Date.now() + standing.againMs;
      standing.againMs = Math.min(2 * standing.againMs, AGAIN_AT_MOST_MS);
      if (standing.fault !== error.reason)
        services.report?.(new Error(`witness ${witness.verifier.name}, ${origin}`, { cause: error }));
      standing.fault = error.reason;
      onOutcome(at.election, error.code);
    }
  }

  /** Whether it cosigned; false: it had before, this size or a larger one. Throws `WitnessError`. */
  async #ask({ election, shard }: Shard, size: number, signal: AbortSignal): Promise<boolean> {
    const { services, witness } = this.#parts;
    const tree = services.publicLog.tree(election);
    const kept = (await tree.cosignatures(shard)).find((one) => one.witness === witness.key);
    if (kept && kept.size >= size) return false;
    const reads = await services.publicLog.reads(election, shard);
    const checkpoint = await services.publicLog.checkpoint(election, shard, reads, size);
    for (let [tries, oldSize] = [0, kept?.size ?? 0]; tries < TRIES; tries += 1) {
      const proof = await reads.consistency(oldSize, size);
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(this.#timing.deadlineMs)]);
      const answer = await askWitness(witness, { oldSize, proof, checkpoint }, deadline);
      if (answer.kind === 'cosigned') {
        await tree.keepCosignature({ shard, witness: witness.key, size, line: answer.line });
        return true;
      }
      if (answer.size > size) {
        // Another api may have sent it what the log has grown by since.
        mustHave(await services.publicLog.reads(election, shard), answer.size);
        return false;
      }
      oldSize = answer.size;
    }
    throw new WitnessError('wrong', 'it says each time that it knows another size', `not ${size}`);
  }
}

/** A witness that saw more than there is has seen another log, or this one has lost something. */
function mustHave(reads: TreeReads, size: number): void {
  if (size <= reads.size) return;
  throw new WitnessError(
    'refuses',
    'it has cosigned more than this log has',
    `${size} events, and here are ${reads.size}`,
  );
}
