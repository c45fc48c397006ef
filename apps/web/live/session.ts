/** Who this browser is signed in as. Asked for only where it has signed in before: the public never asks. */
import { signal } from '@preact/signals';
import type { SessionAnswer, SignedIn } from '#wire';
import { addresses } from './addresses.ts';
import { getJson, RequestFailed, sendJson } from './http.ts';

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
  take((await sendJson('POST', addresses.session, { token, stay })) as SessionAnswer);
}

/** Rejects with `RequestFailed`. */
export async function signOut(): Promise<void> {
  await sendJson('DELETE', addresses.session);
  take({ account: null, expiresAt: null });
}
