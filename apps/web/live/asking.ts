/** Asking again and again, while the page is looked at. */
import { RequestFailed } from './http.ts';

interface Asking<T> {
  readonly everyMs: number;
  ask(): Promise<T>;
  answered(answer: T): void;
  failed(failure: RequestFailed): void;
}

/** Begins at once, and asks when the page is looked at again. Returns what ends it: nothing is told any more then. */
export function keepAsking<T>({ everyMs, ask, answered, failed }: Asking<T>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const askOnce = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      const answer = await ask();
      if (!isOver) answered(answer);
    } catch (error) {
      if (!isOver) failed(error instanceof RequestFailed ? error : new RequestFailed(0));
    }
    if (!isOver && !document.hidden) timer = setTimeout(askOnce, everyMs);
  };
  const onVisible = (): void => {
    if (!document.hidden) void askOnce();
  };
  document.addEventListener('visibilitychange', onVisible);
  void askOnce();
  return () => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
