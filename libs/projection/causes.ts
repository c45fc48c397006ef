/**
 * Since which event two models differ. The rebuilt one is the fold of the log; what the live one did at each event stands in
 * its attempts. One pass over both adds up, for every total that differs, what either says, and so finds the first event
 * at which they part. Where the live model's own attempts do not add up to its total, no event explains it: it was
 * changed, lost or put back in the store.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Accumulator, copyTotals, emptyTotals, type NodeTotals, type SheetChange } from '#domain';
import type { AttemptDoc, TotalsDoc } from '#read-model';
import type { ReplayCause } from '#wire';
import { attemptPairs, type Filed, type Found } from './differing.ts';
import { foldSheetAnew } from './sheet-as-of.ts';
import { applyChange, type View } from './view.ts';

const STORE: ReplayCause = { kind: 'store' };

/** In the order of what was found. */
export async function findCauses(live: View, rebuilt: View, found: readonly Found[]): Promise<ReplayCause[]> {
  const sums = sumsOf(found);
  if (sums.length > 0) await addUp(live, rebuilt, sums);
  const causes: (ReplayCause | undefined)[] = [];
  /** Nodes that an event explains. */
  const explained = new Set<string>();
  for (const one of found) {
    if (one.kind === 'attempt' || one.kind === 'note') {
      causes.push(undefined);
      continue;
    }
    const cause = await (one.kind === 'sheet'
      ? causeOfSheet(live, rebuilt, one)
      : causeOfSums(
          live,
          rebuilt,
          sums.filter(({ of }) => of === one),
        ));
    causes.push(cause);
    if (cause.kind === 'event') explained.add(`${one.unit.code}/${one.contest.id}`);
  }
  return causes.map((cause, i) => cause ?? causeOfFiled(found[i]!, explained));
}

/* ------------------------------------------------------------ totals, and full states that are kept */

/** One shard's part that differs, and what the attempts of either model add up to. */
interface Sum {
  readonly of: Extract<Found, { kind: 'totals' | 'state' }>;
  readonly shard: number;
  readonly stored: TotalsDoc | undefined;
  /** A full state is of the moment right after its offset; undefined: of now. */
  readonly until: number | undefined;
  readonly live: Accumulator;
  readonly rebuilt: Accumulator;
  /** What the rebuilt model had right after the offset that the stored document names. */
  thenRebuilt: NodeTotals | undefined;
  /** The first event at which the two sums part. */
  parted: string | undefined;
  /** The first event after the stored document that changes it. */
  next: string | undefined;
}

function sumsOf(found: readonly Found[]): Sum[] {
  return found.flatMap((of): Sum[] => {
    if (of.kind !== 'totals' && of.kind !== 'state') return [];
    const { layout } = of.contest;
    const sum = (shard: number, stored: TotalsDoc | undefined, until?: number): Sum => ({
      of,
      shard,
      stored,
      until,
      live: emptyTotals(layout),
      rebuilt: emptyTotals(layout),
      thenRebuilt: undefined,
      parted: undefined,
      next: undefined,
    });
    if (of.kind === 'state') return [sum(of.place.shard, of.live, of.place.offset)];
    const part = (docs: readonly TotalsDoc[], shard: number) => docs.find((doc) => doc.shard === shard);
    const shards = new Set([...of.live, ...of.rebuilt].map(({ shard }) => shard));
    return [...shards]
      .filter((shard) => !isDeepStrictEqual(part(of.live, shard), part(of.rebuilt, shard)))
      .map((shard) => sum(shard, part(of.live, shard)));
  });
}

async function addUp(live: View, rebuilt: View, sums: readonly Sum[]): Promise<void> {
  for (const shard of new Set(sums.map((sum) => sum.shard))) {
    const mine = sums.filter((sum) => sum.shard === shard);
    for await (const { offset, ours, theirs } of attemptPairs(live, rebuilt, shard))
      for (const sum of mine) if (sum.until === undefined || offset <= sum.until) step(sum, offset, ours, theirs);
  }
}

function step(sum: Sum, offset: number, ours: AttemptDoc | undefined, theirs: AttemptDoc | undefined): void {
  const place = `${sum.shard}:${offset}`;
  const { contest } = sum.of;
  const [a, b] = [changesOf(sum, ours), changesOf(sum, theirs)];
  for (const change of a) applyChange(sum.live, contest, change);
  for (const change of b) applyChange(sum.rebuilt, contest, change);
  if (b.length > 0 && sum.stored && offset > sum.stored.offset) sum.next ??= place;
  if (sum.parted === undefined && !isDeepStrictEqual(a, b) && !areEqual(sum.live, sum.rebuilt)) sum.parted = place;
  if (offset === sum.stored?.offset) sum.thenRebuilt = copyTotals(sum.rebuilt);
}

function changesOf({ of: { unit, contest } }: Sum, attempt: AttemptDoc | undefined): readonly SheetChange[] {
  if (!attempt?.units.includes(unit.code)) return NONE;
  return attempt.changes.filter((change) => change.contest === contest.id);
}

const NONE: readonly SheetChange[] = [];

/** Of the parts of several shards, what says most: an event, then an older document. */
async function causeOfSums(live: View, rebuilt: View, sums: readonly Sum[]): Promise<ReplayCause> {
  const causes = await Promise.all(sums.map((sum) => causeOfSum(live, rebuilt, sum)));
  for (const kind of ['event', 'older', 'between'] as const) {
    const cause = causes.find((one) => one.kind === kind);
    if (cause) return cause;
  }
  return STORE;
}

async function causeOfSum(live: View, rebuilt: View, sum: Sum): Promise<ReplayCause> {
  const { stored, parted, next, thenRebuilt, of } = sum;
  const told = stored?.totals ?? emptyTotals(of.contest.layout);
  if (parted !== undefined && areEqual(told, sum.live)) return { kind: 'event', at: parted };
  if (of.kind === 'state') return STORE;
  if (stored && next !== undefined && thenRebuilt && areEqual(stored.totals, thenRebuilt))
    return { kind: 'older', at: next };
  return stored ? whereStatesPart(live, rebuilt, sum) : STORE;
}

/** Between the last full state that agrees and the first from which on none does. */
async function whereStatesPart(live: View, rebuilt: View, { of, shard }: Sum): Promise<ReplayCause> {
  const { unit, contest } = of;
  const [ours, theirs] = await Promise.all(
    [live, rebuilt].map(({ snapshot }) => snapshot.statesOf(unit.code, contest.id, shard)),
  );
  const right = new Map(theirs!.map((state) => [state.offset, state.totals]));
  const agree = ours!.map(({ offset, totals }) => areEqual(totals, right.get(offset)));
  const last = agree.lastIndexOf(true);
  const first = ours![last + 1];
  if (!first) return STORE;
  return { kind: 'between', after: last < 0 ? null : placeOf(ours![last]!), at: placeOf(first) };
}

/** Stores may give objects of another making. */
function areEqual(a: NodeTotals | undefined, b: NodeTotals | undefined): boolean {
  return JSON.stringify(a && copyTotals(a)) === JSON.stringify(b && copyTotals(b));
}

function placeOf({ shard, offset }: Filed): string {
  return `${shard}:${offset}`;
}

/* ------------------------------------------------------------ sheets and attempts */

async function causeOfSheet(
  live: View,
  rebuilt: View,
  { unit, contest, live: stored }: Extract<Found, { kind: 'sheet' }>,
): Promise<ReplayCause> {
  const [ours, theirs] = await Promise.all([live.attemptsOn(unit, contest), rebuilt.attemptsOn(unit, contest)]);
  const byOffset = (attempts: readonly AttemptDoc[]) => new Map(attempts.map((attempt) => [attempt.offset, attempt]));
  const [a, b] = [byOffset(ours), byOffset(theirs)];
  const change = (attempt: AttemptDoc | undefined): SheetChange | undefined =>
    attempt?.changes.find((one) => one.contest === contest.id);
  const offsets = [...new Set([...a.keys(), ...b.keys()])].sort((one, other) => one - other);
  const parted = offsets.find((offset) => !isDeepStrictEqual(change(a.get(offset)), change(b.get(offset))));
  const last = ours.findLast((attempt) => change(attempt));
  if (parted !== undefined && isDeepStrictEqual(stored?.view, change(last)?.after))
    return { kind: 'event', at: `${unit.shard}:${parted}` };
  const next = stored && theirs.find((attempt) => attempt.offset > stored.offset && change(attempt));
  if (stored && next) {
    const before = theirs.filter(({ offset }) => offset <= stored.offset);
    const then = foldSheetAnew(live.served.election, unit, contest, before);
    if (isDeepStrictEqual(stored, then)) return { kind: 'older', at: placeOf(next) };
  }
  return STORE;
}

/** An attempt that the live model took otherwise is in its figures too; one that was changed in the store alone is not. */
function causeOfFiled(found: Found, explained: ReadonlySet<string>): ReplayCause {
  if (found.kind !== 'attempt' || isDeepStrictEqual(found.live?.changes, found.rebuilt?.changes)) return STORE;
  const isInFigures = [found.live, found.rebuilt].some((attempt) =>
    attempt?.changes.some(({ station, contest }) =>
      [station, ...attempt.units].some((unit) => explained.has(`${unit}/${contest}`)),
    ),
  );
  return isInFigures ? { kind: 'event', at: placeOf(found.place) } : STORE;
}
