/** Requests that are sent again until there is an answer to rely on: whatever the demonstration sends may come twice. */
import { setTimeout as pause } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly etag: string;
  readonly text: string;
}

const TRIES = 30;
const PAUSE_MS = 1_000;
/** Not folded yet, too many at once. */
const AGAIN = new Set([202, 429]);

/** Throws when there is none after half a minute, or the signal ends it. */
export async function ask(url: string, request: RequestInit, signal: AbortSignal): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await once(url, { ...request, signal });
    signal.throwIfAborted();
    if (!(answer instanceof Error) && answer.status < 500 && !AGAIN.has(answer.status)) return answer;
    if (tries >= TRIES) {
      const found = answer instanceof Error ? 'does not answer' : `answers ${answer.status}`;
      throw new Error(`the demonstration can't go on: ${url} ${found}`, { cause: answer });
    }
    await pause(PAUSE_MS, undefined, { signal });
  }
}

/** An answer, or why there is none. */
async function once(url: string, request: RequestInit): Promise<Answer | Error> {
  try {
    const answer = await fetch(url, request);
    return { status: answer.status, etag: answer.headers.get('etag') ?? '', text: await answer.text() };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
