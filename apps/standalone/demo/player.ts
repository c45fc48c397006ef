/**
 * Plays the plan through the public HTTP API, as clerks, a reviewer and a verifier would. It goes on where it was
 * interrupted: each act has an id of its own, so one that was sent already is harmless.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { DemoAct, PlannedAct } from './plan.ts';

export interface DemoTokens {
  /** By commune. */
  readonly clerks: Readonly<Record<string, string>>;
  readonly reviewer: string;
  readonly verifier: string;
}

export interface PlayOptions {
  /** Address of the election: `…/api/v1/elections/<id>`. */
  readonly address: string;
  readonly tokens: DemoTokens;
  readonly plan: readonly PlannedAct[];
  /** The first act to play. */
  readonly from: number;
  readonly signal: AbortSignal;
  /** Told after each act how many have been played. */
  readonly onPlayed: (played: number) => Promise<void>;
}

const TRIES = 30;

/** Resolves at the end of the plan, or early when the signal ends it. */
export async function play({ address, tokens, plan, from, signal, onPlayed }: PlayOptions): Promise<void> {
  const behind = plan[from]?.at ?? 0;
  const start = performance.now() - behind * 1000 + 1000;
  for (let i = from; i < plan.length; i += 1) {
    const { at, act } = plan[i]!;
    const wait = start + at * 1000 - performance.now();
    if (wait > 0) await pause(wait, undefined, { signal }).catch(ignoreAbort);
    if (signal.aborted) return;
    await perform(address, tokens, act, signal);
    await onPlayed(i + 1);
  }
}

async function perform(address: string, tokens: DemoTokens, act: DemoAct, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const status = act.kind === 'submit' ? await submit(address, tokens, act) : await decide(address, tokens, act);
    const isTemporary = status === 503 || status === 202 || status === 429;
    if (!isTemporary || signal.aborted) return;
    if (tries >= TRIES) throw new Error(`the demonstration can't go on: ${address} answers ${status}`);
    await pause(1000, undefined, { signal }).catch(ignoreAbort);
  }
}

async function submit(address: string, tokens: DemoTokens, act: DemoAct & { kind: 'submit' }): Promise<number> {
  return post(`${address}/sheets`, tokens.clerks[act.commune] ?? '', act.sheet);
}

/** Acts on the sheet as it is now; where it has moved on, there is nothing to decide any more. */
async function decide(address: string, tokens: DemoTokens, act: Exclude<DemoAct, { kind: 'submit' }>): Promise<number> {
  const token = act.kind === 'verify' ? tokens.verifier : tokens.reviewer;
  const sheet = `${address}/sheets/${act.station}/${act.contest}`;
  const seen = await fetch(sheet, { headers: { authorization: `Bearer ${token}` } });
  await seen.arrayBuffer();
  const body = { id: act.id, reason: act.reason };
  return post(`${sheet}/${act.kind}`, token, body, { 'if-match': seen.headers.get('etag') ?? '' });
}

async function post(url: string, token: string, body: unknown, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  return answer.status;
}

function ignoreAbort(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error;
}
