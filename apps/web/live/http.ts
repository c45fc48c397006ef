/** Answers over HTTP: cached by address with their `ETag`, asked for once at a time. */
import type { Problem } from '#wire';
import type { Kept } from '../rendering.ts';

export class RequestFailed extends Error {
  /** 0: the server could not be reached. */
  readonly status: number;
  readonly problem: Problem | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, problem?: Problem, retryAfterMs?: number) {
    super(problem?.detail ?? problem?.title ?? (status === 0 ? 'no connection' : `HTTP ${status}`));
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

const KEPT_AT_MOST = 80;
const TIMEOUT_MS = 15_000;
const kept = new Map<string, Kept>();
const underWay = new Map<string, Promise<unknown>>();
/** Addresses whose answer came with the page just now: not asked for again by whoever asks first. */
const given = new Set<string>();

/** Takes over the answers that a page was rendered from. `areFresh`: they are as good as asked for now. */
export function give(answers: Readonly<Record<string, Kept>>, areFresh: boolean): void {
  kept.clear();
  for (const [address, answer] of Object.entries(answers)) {
    kept.set(address, answer);
    if (areFresh) given.add(address);
  }
}

/** The last answer of this address, if there was one: shown at once while a fresh one is asked for. */
export function lastAnswer<T>(address: string): T | undefined {
  return kept.get(address)?.body as T | undefined;
}

/** The present answer of this address. Rejects with `RequestFailed`. */
export function getJson<T>(address: string): Promise<T> {
  if (given.delete(address)) return Promise.resolve(lastAnswer<T>(address)!);
  const running = underWay.get(address);
  if (running) return running as Promise<T>;
  const request = askFor(address).finally(() => underWay.delete(address));
  underWay.set(address, request);
  return request as Promise<T>;
}

/** Sends, and gives back the answer; undefined where that has no body. Rejects with `RequestFailed`. */
export async function sendJson(method: 'POST' | 'DELETE', address: string, body?: unknown): Promise<unknown> {
  const response = await fetch(address, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new RequestFailed(0);
  });
  if (!response.ok) throw await failure(response);
  return response.status === 204 ? undefined : response.json();
}

/** A text, asked for each time. Rejects with `RequestFailed`. */
export async function getText(address: string): Promise<string> {
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) throw new RequestFailed(response?.status ?? 0);
  return response.text();
}

async function askFor(address: string): Promise<unknown> {
  const before = kept.get(address);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await send(address, before?.etag ?? null, abort.signal);
    if (response.status === 304 && before) return before.body;
    if (!response.ok) throw await failure(response);
    const body: unknown = await response.json();
    keep(address, { etag: response.headers.get('etag'), body });
    return body;
  } catch (error) {
    if (error instanceof RequestFailed) throw error;
    throw new RequestFailed(0);
  } finally {
    clearTimeout(timer);
  }
}

function send(address: string, etag: string | null, signal: AbortSignal): Promise<Response> {
  return fetch(address, {
    headers: { accept: 'application/json', ...(etag !== null && { 'if-none-match': etag }) },
    cache: 'no-cache',
    signal,
  });
}

async function failure(response: Response): Promise<RequestFailed> {
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  const seconds = Number(response.headers.get('retry-after'));
  return new RequestFailed(response.status, problem, seconds > 0 ? seconds * 1000 : undefined);
}

function keep(address: string, answer: Kept): void {
  kept.delete(address);
  kept.set(address, answer);
  const oldest = kept.keys().next();
  if (kept.size > KEPT_AT_MOST && !oldest.done) kept.delete(oldest.value);
}
