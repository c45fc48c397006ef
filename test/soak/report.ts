/** What the soak prints, and whether it passed. */
import type { Acknowledged, Desk } from './desk.ts';
import type { Lag } from './lag.ts';
import type { ReadOutcome } from './load.ts';
import type { MemoryWatch } from './memory.ts';
import type { Verdict } from './verdict.ts';
import type { Watcher } from './watcher.ts';

export interface Soaked {
  readonly desk: Desk;
  readonly reads: readonly ReadOutcome[];
  readonly faults: Readonly<Record<string, number>>;
  readonly watchers: readonly Watcher[];
  readonly verdict: Verdict;
  readonly memory: MemoryWatch;
  readonly lag: Lag;
  /** Megabytes an hour. */
  readonly bound: number;
}

/** Memory is fitted over what comes after this part of the run. */
const WARM = 1 / 3;
/** Over less than five minutes a heap that is not collected yet would be taken for one that grows. */
const LEAST_HOURS = 5 / 60;
/** What a reader may be told while something is down. */
const EXPECTED = new Set([200, 404, 503]);

export function printReport({ desk, reads, faults, watchers, verdict, memory, lag, bound }: Soaked): boolean {
  const unexpected = reads.filter(({ status }) => status !== null && !EXPECTED.has(status));
  const slopes = [...memory.slopes(WARM)];
  const failures = [
    ...verdict.lost.map((id) => `lost: ${id}`),
    ...verdict.doubled.map((id) => `counted twice: ${id}`),
    ...(verdict.plain === verdict.told ? [] : [`fingerprint ${verdict.told}, by a plain count ${verdict.plain}`]),
    ...verdict.blind.map((who) => `a watcher of ${who} does not show what was counted`),
    ...desk.wrong.map((what) => `a sender was told: ${what}`),
    ...(unexpected.length > 0
      ? [`readers were answered ${tally(unexpected.map(({ status }) => String(status)))}`]
      : []),
    ...slopes
      .filter(([, { perHour, hours }]) => hours > LEAST_HOURS && perHour > bound)
      .map(([name, { perHour }]) => `memory of the ${name} grows by ${perHour.toFixed(0)} MB/h`),
  ];
  const silent = reads.filter(({ status }) => status === null).length;
  const refused = reads.filter(({ status }) => status === 503).length;
  const lines = [
    `faults              ${listed(faults)}`,
    `events in the log   ${verdict.events}`,
    `acknowledged        ${desk.acknowledged.length}, sent again ${desk.sentAgain}`,
    `lost                ${verdict.lost.length}`,
    `counted twice       ${verdict.doubled.length}`,
    `fingerprint         ${verdict.told}, by a plain count ${verdict.plain === verdict.told ? 'the same' : verdict.plain}`,
    `watchers            ${watchers.length}, left behind ${verdict.blind.length}, began anew ${sum(watchers.map(({ began }) => began - 1))} times`,
    `write to answer     ${percentiles(desk.acknowledged.map(({ sentAt, toldAt }) => toldAt - sentAt))}`,
    `write to watcher    ${percentiles(waits(desk.acknowledged, watchers[0]!))}`,
    `read                ${percentiles(reads.filter(({ status }) => status !== null).map(({ ms }) => ms))}; no answer ${silent}, refused ${refused} of ${reads.length}`,
    `lag                 ${percentiles(lag.seconds.map((seconds) => 1_000 * seconds))}; events ${percentiles(lag.events, '')}`,
    ...slopes.map(
      ([name, { perHour, last }]) =>
        `memory, ${name.padEnd(11)}${perHour.toFixed(0)} MB/h, ${last.toFixed(0)} MB at the end`,
    ),
    ...failures.map((failure) => `FAILED: ${failure}`),
    failures.length === 0 ? 'passed' : 'failed',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return failures.length === 0;
}

/** From first sending until the watcher had it. */
function waits(acknowledged: readonly Acknowledged[], { heard }: Watcher): number[] {
  return acknowledged.flatMap(({ attempt, sentAt }) => {
    const [shard, offset] = attempt.split(':').map(Number) as [number, number];
    const found = heard.find(({ position }) => position[shard]! > offset);
    return found ? [Math.max(0, found.at - sentAt)] : [];
  });
}

function percentiles(values: readonly number[], unit = ' ms'): string {
  const sorted = Float64Array.from(values).sort();
  const at = (percent: number): string =>
    sorted.length === 0 ? '–' : sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!.toFixed(0);
  return `p50 ${at(50)}${unit}, p95 ${at(95)}${unit}, p99 ${at(99)}${unit}, most ${at(100)}${unit}`;
}

function tally(words: readonly string[]): string {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return listed(counts);
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
