/** Processor time and memory of a process that is not ours to ask, from /proc (Linux). */
import { readFileSync } from 'node:fs';
import { memoryOf, type Times } from '../child.ts';
import { nowMs } from '../latencies.ts';

const TICKS_A_SECOND = 100;

export interface Spent extends Times {
  /** Anonymous pages at the end, MiB. */
  readonly anonymous: number;
}

/** What the process spends while something is done. */
export async function spentBy<T>(pid: number, action: () => Promise<T>): Promise<Spent & { readonly value: T }> {
  const before = look(pid);
  const start = nowMs();
  const value = await action();
  const seconds = (nowMs() - start) / 1_000;
  const after = look(pid);
  return {
    value,
    seconds,
    cpuSeconds: after.all - before.all,
    mainSeconds: after.main - before.main,
    anonymous: anonymousOf(pid),
  };
}

export function anonymousOf(pid: number): number {
  return memoryOf(pid).anonymous;
}

function look(pid: number): { all: number; main: number } {
  // The name before it, in parentheses, may hold spaces. utime and stime are fields 14 and 15.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const all = (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  const main = Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
  return { all, main };
}
