/**
 * Plays the plan through the public HTTP API, as clerks, a reviewer and a verifier would. It goes on where it was
 * interrupted: each act has an id of its own, so one that was sent already is harmless.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { DemoAct, PlannedAct } from './plan.ts';
import { ask } from './request.ts';

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

/** Resolves at the end of the plan, or early when the signal ends it. */
export async function play(options: PlayOptions): Promise<void> {
  try {
    await playOn(options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
}

async function playOn({ address, tokens, plan, from, signal, onPlayed }: PlayOptions): Promise<void> {
  const behind = plan[from]?.at ?? 0;
  const start = performance.now() - behind * 1000 + 1000;
  for (let i = from; i < plan.length; i += 1) {
    const { at, act } = plan[i]!;
    const wait = start + at * 1000 - performance.now();
    if (wait > 0) await pause(wait, undefined, { signal });
    signal.throwIfAborted();
    if (act.kind === 'submit') await submit(address, tokens, act, signal);
    else await decide(address, tokens, act, signal);
    await onPlayed(i + 1);
  }
}

async function submit(
  address: string,
  tokens: DemoTokens,
  act: DemoAct & { kind: 'submit' },
  signal: AbortSignal,
): Promise<void> {
  await post(`${address}/sheets`, tokens.clerks[act.commune] ?? '', act.sheet, {}, signal);
}

/** Acts on the sheet as it is now; where it has moved on, there is nothing to decide any more. */
async function decide(
  address: string,
  tokens: DemoTokens,
  act: Exclude<DemoAct, { kind: 'submit' }>,
  signal: AbortSignal,
): Promise<void> {
  const token = act.kind === 'verify' ? tokens.verifier : tokens.reviewer;
  const sheet = `${address}/sheets/${act.station}/${act.contest}`;
  const { etag } = await ask(sheet, { headers: { authorization: `Bearer ${token}` } }, signal);
  await post(`${sheet}/${act.kind}`, token, { id: act.id, reason: act.reason }, { 'if-match': etag }, signal);
}

async function post(
  url: string,
  token: string,
  body: unknown,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const all = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers };
  await ask(url, { method: 'POST', headers: all, body: JSON.stringify(body) }, signal);
}
