/**
 * Which process is this, in words that another process can check: a number alone is used again, and means something
 * else in another container.
 */
import { readFileSync, readlinkSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Start of the process in clock ticks since the machine's, from `/proc`; absent where there is none. */
  readonly started?: string;
  /** This start of the machine; absent where there is no `/proc`. */
  readonly boot?: string;
  /** Where the number is valid (a container has numbers of its own); absent where there is no `/proc`. */
  readonly namespace?: string;
}

/** `unknown` where it can't be seen from here: another container, or a system without `/proc` on which the number is in use. */
export type Liveness = 'alive' | 'dead' | 'unknown';

export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    started: startOf(process.pid),
    boot: optional(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: optional(() => readlinkSync('/proc/self/ns/pid')),
  };
}

export function livenessOf(other: ProcessIdentity): Liveness {
  const me = thisProcess();
  if (other.boot !== undefined && me.boot !== undefined) {
    if (other.boot !== me.boot) return 'dead';
    if (other.namespace !== me.namespace) return 'unknown';
    return startOf(other.pid) === other.started ? 'alive' : 'dead';
  }
  return hasProcess(other.pid) ? 'unknown' : 'dead';
}

/** Field 22 of `/proc/<pid>/stat` (proc_pid_stat(5)); undefined where there is no such process, or only its remains. */
function startOf(pid: number): string | undefined {
  const stat = optional(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in brackets, which may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  return state === 'Z' || state === 'X' ? undefined : fields?.[19];
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** What a file says; undefined where there is none (not Linux, or the process has ended). */
function optional(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
