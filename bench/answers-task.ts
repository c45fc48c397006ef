/** Answers from a counted read model: the whole tree as CSV, and figures as of an old position. */
import { createHash } from 'node:crypto';
import type { Position, Unit } from '#domain';
import { resultsAnswer, resultsCsv, View } from '#projection';
import type { ModelSnapshot } from '#read-model';
import { answering, type Times, timed, timesOf } from './child.ts';
import { openParts, type Parts } from './embedded.ts';
import { percentile } from './latencies.ts';

/** One a process, so that each has its own memory. */
export type AnswersRequest = {
  readonly folder: string;
} /** `results --depth all --format csv`, as of a share of the log where one is named. */ & (
  | { readonly what: 'tree'; readonly at?: number }
  /** `results --unit … --at …`, and the same without `--at`: medians. */
  | { readonly what: 'unit'; readonly level: number; readonly at: number }
);

export interface TreeAnswer {
  readonly times: Times;
  readonly bytes: number;
  readonly sha256: string;
  /** Reading the same documents (now: sheets and totals; at an old position: attempts), and nothing else. */
  readonly reading: Times;
}

export interface UnitAnswer {
  readonly unit: string;
  readonly contests: number;
  readonly milliseconds: number;
  readonly nowMilliseconds: number;
}

const REPEATS = 31;

answering(async (request: AnswersRequest): Promise<TreeAnswer | UnitAnswer> => {
  const parts = await openParts(request.folder);
  try {
    return request.what === 'tree' ? await tree(parts, request.at) : await unit(parts, request.level, request.at);
  } finally {
    await parts.close();
  }
});

async function tree({ served, model }: Parts, share?: number): Promise<TreeAnswer> {
  const snapshot = await model.snapshot();
  const at = share === undefined ? undefined : positionOf(snapshot, share);
  const reading = await timed(() => (at ? readAttempts(snapshot, at) : readDocuments(snapshot)));
  snapshot.close();
  const hash = createHash('sha256');
  let bytes = 0;
  const added = await timed(async () => {
    const view = await View.open(served, model, at);
    try {
      for await (const chunk of resultsCsv(view, { unit: served.election.root, depth: 'all' })) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    } finally {
      view.close();
    }
  });
  return { times: timesOf(added), reading: timesOf(reading), bytes, sha256: hash.digest('hex') };
}

async function readDocuments(snapshot: ModelSnapshot): Promise<void> {
  for await (const _totals of snapshot.allTotals());
  for await (const _sheet of snapshot.allSheets());
}

async function readAttempts(snapshot: ModelSnapshot, to: Position): Promise<void> {
  for (const [shard, end] of to.entries()) for await (const _attempt of snapshot.attempts(shard, 0, end));
}

/** The unit of a level in the middle of the tree, whose sheets came in about the middle of the log. */
async function unit({ served, model }: Parts, level: number, share: number): Promise<UnitAnswer> {
  const snapshot = await model.snapshot();
  const at = positionOf(snapshot, share);
  snapshot.close();
  const units = served.election.units.filter((one) => one.level === level);
  const asked = units[Math.floor(units.length / 2)]!;
  return {
    unit: asked.code,
    contests: served.election.contestsAt(asked).length,
    milliseconds: await median(() => answer(asked, at)),
    nowMilliseconds: await median(() => answer(asked)),
  };

  async function answer(of: Unit, position?: Position): Promise<void> {
    const view = await View.open(served, model, position);
    try {
      await resultsAnswer(view, { unit: of });
    } finally {
      view.close();
    }
  }
}

function positionOf(snapshot: ModelSnapshot, share: number): Position {
  return snapshot.position.map((end) => Math.floor(end * share));
}

async function median(act: () => Promise<void>): Promise<number> {
  const spent: number[] = [];
  for (let i = 0; i < REPEATS; i += 1) {
    const start = performance.now();
    await act();
    spent.push(performance.now() - start);
  }
  return percentile(spent, 50);
}
