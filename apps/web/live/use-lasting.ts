/** An answer that never changes, as every one at a position: asked for until it is there. */
import { useEffect, useState } from 'preact/hooks';
import { getJson, lastAnswer, RequestFailed } from './http.ts';
import { useAnswer } from './use-answer.ts';

const RETRY_MS = 10_000;

export interface Lasting<T> {
  /** While the next one comes, still the last one. */
  readonly answer: T | undefined;
  /** Whether the answer is that of another address, asked for before. */
  readonly isOfAnother: boolean;
  readonly failure: RequestFailed | undefined;
}

interface State<T> {
  readonly of: string | null;
  readonly answer: T | undefined;
  readonly failure: RequestFailed | undefined;
}

/** `address`: null asks for nothing. */
export function useLasting<T>(address: string | null): Lasting<T> {
  const [state, setState] = useState<State<T>>(() => atFirst<T>(address));
  useEffect(() => {
    if (address === null) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const known = lastAnswer<T>(address);
    setState((own) =>
      known === undefined ? { ...own, failure: undefined } : { of: address, answer: known, failure: undefined },
    );
    const ask = async (): Promise<void> => {
      try {
        const answer = await getJson<T>(address);
        if (!isOver) setState({ of: address, answer, failure: undefined });
      } catch (error) {
        if (isOver) return;
        const failure = error instanceof RequestFailed ? error : new RequestFailed(0);
        setState((own) => ({ ...own, failure }));
        if (isPassing(failure)) timer = setTimeout(() => void ask(), failure.retryAfterMs ?? RETRY_MS);
      }
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [address]);
  return { answer: state.answer, isOfAnother: state.of !== address, failure: state.failure };
}

function atFirst<T>(address: string | null): State<T> {
  return { of: address, answer: address === null ? undefined : lastAnswer<T>(address), failure: undefined };
}

/**
 * The same of an address that changes quickly: one is asked for after the other, and of those that come meanwhile only
 * the newest. `isOfAnother` until that one is there.
 */
export function useInTurn<T>(address: string): Lasting<T> {
  const [asked, setAsked] = useState(address);
  const { answer, isOfAnother, failure } = useLasting<T>(asked);
  const isDone = !isOfAnother || failure !== undefined;
  useEffect(() => {
    if (isDone) setAsked(address);
  }, [address, isDone]);
  return { answer, isOfAnother: isOfAnother || asked !== address, failure };
}

/** No connection, or a server that says "not now". */
function isPassing({ status }: RequestFailed): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** An answer at a position or time, which lasts; without one the present answer, kept fresh. */
export function useAnswerAt<T>(address: string | null, at: string | undefined): Lasting<T> {
  const lasting = useLasting<T>(at === undefined ? null : address);
  const present = useAnswer<T>(at === undefined ? address : null);
  return at === undefined ? { ...present, isOfAnother: false } : lasting;
}
