/** An answer of the API, asked for again every few seconds while somebody looks. */
import { useEffect, useState } from 'preact/hooks';
import { getJson, lastAnswer, RequestFailed } from './http.ts';
import { isNotBeyond, readPosition } from './position.ts';
import { watching } from './watching.ts';

const EVERY_MS = 10_000;

interface Answered<T> {
  readonly answer: T | undefined;
  readonly failure: RequestFailed | undefined;
}

/** `address`: null asks for nothing. What is shown never goes back to an earlier position. */
export function useAnswer<T>(address: string | null): Answered<T> {
  const [state, setState] = useState<Answered<T> & { address: string | null }>(() => shownFirst<T>(address));
  useEffect(() => {
    if (address === null) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (): Promise<void> => {
      if (watching.peek())
        try {
          const next = await getJson<T>(address);
          if (!isOver) setState((own) => later(own, { address, answer: next, failure: undefined }));
        } catch (error) {
          const failure = error instanceof RequestFailed ? error : new RequestFailed(0);
          if (!isOver) setState((own) => ({ ...(own.address === address ? own : shownFirst<T>(address)), failure }));
        }
      if (!isOver) timer = setTimeout(() => void ask(), EVERY_MS);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [address]);
  return state.address === address ? state : shownFirst<T>(address);
}

function shownFirst<T>(address: string | null): Answered<T> & { address: string | null } {
  return { address, answer: address === null ? undefined : lastAnswer<T>(address), failure: undefined };
}

function later<S extends Answered<unknown> & { address: string | null }>(own: S, next: S): S {
  if (own.address !== next.address) return next;
  const [before, after] = [positionOf(own.answer), positionOf(next.answer)];
  return before && after && !isNotBeyond(before, after) ? own : next;
}

function positionOf(answer: unknown): ReturnType<typeof readPosition> {
  const position = (answer as { position?: unknown } | undefined)?.position;
  return typeof position === 'string' ? readPosition(position) : null;
}
