/** An answer asked for again and again while the page is looked at; the last one stays while the server is away. */
import { useEffect, useState } from 'preact/hooks';
import { getJson, RequestFailed } from './http.ts';

export interface Polled<T> {
  readonly answer: T | undefined;
  /** Why the last question was not answered. */
  readonly failure: RequestFailed | undefined;
}

export function usePolled<T>(address: string | undefined, everyMs: number): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>({ answer: undefined, failure: undefined });
  useEffect(() => {
    setPolled({ answer: undefined, failure: undefined });
    if (address === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = async (): Promise<void> => {
      clearTimeout(timer);
      try {
        const answer = await getJson<T>(address);
        if (!isOver) setPolled({ answer, failure: undefined });
      } catch (error) {
        const failure = error instanceof RequestFailed ? error : new RequestFailed(0);
        if (!isOver) setPolled(({ answer }) => ({ answer, failure }));
      }
      if (!isOver && !document.hidden) timer = setTimeout(ask, everyMs);
    };
    const onVisible = (): void => {
      if (!document.hidden) void ask();
    };
    document.addEventListener('visibilitychange', onVisible);
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [address, everyMs]);
  return polled;
}
