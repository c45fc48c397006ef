/** Who this browser is signed in as. Asked for only where it has signed in before: the public never asks. */
import { signal } from '@preact/signals';
import type { Problem, SessionAnswer, SignedIn } from '#wire';
import { addresses } from './addresses.ts';
import { getJson, RequestFailed } from './http.ts';

const HINT = 'tally.signed-in';

export const account = signal<SignedIn | null>(null);
/** Whether it is known who is signed in. */
export const sessionKnown = signal(false);

/** Whether this browser has signed in: what the page was rendered from is the public's then, and is asked for anew. */
export function hasSignedIn(): boolean {
  try {
    return localStorage.getItem(HINT) !== null;
  } catch {
    // Storage is switched off: so was it when signing in.
    return false;
  }
}

export async function readSession(): Promise<void> {
  try {
    if (hasSignedIn()) take(await getJson<SessionAnswer>(addresses.session));
  } catch (error) {
    // Without the server the page is the public's; the next one asks again.
    if (!(error instanceof RequestFailed)) throw error;
  }
  sessionKnown.value = true;
}

function take(answer: SessionAnswer): void {
  account.value = answer.account;
  if (answer.account === null) localStorage.removeItem(HINT);
  else localStorage.setItem(HINT, answer.expiresAt ?? '');
}

/** Rejects with `RequestFailed`. */
export async function signIn(token: string, stay: boolean): Promise<void> {
  take((await write('POST', { token, stay })) as SessionAnswer);
}

/** Rejects with `RequestFailed`. */
export async function signOut(): Promise<void> {
  await write('DELETE');
  take({ account: null, expiresAt: null });
}

async function write(method: 'POST' | 'DELETE', body?: unknown): Promise<unknown> {
  const response = await fetch(addresses.session, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new RequestFailed(0);
  });
  if (response.status === 204) return undefined;
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  throw new RequestFailed(response.status, answer as Problem | undefined);
}
