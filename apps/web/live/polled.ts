/** An answer asked for again and again while the page is looked at; the last one stays while the server is away. */
import { useEffect, useState } from 'preact/hooks';
import { keepAsking } from './asking.ts';
import { getJson, lastAnswer, type RequestFailed } from './http.ts';

export interface Polled<T> {
  readonly answer: T | undefined;
  /** Why the last question was not answered. */
  readonly failure: RequestFailed | undefined;
}

export function usePolled<T>(address: string | undefined, everyMs: number): Polled<T> {
  const [polled, setPolled] = useState(() => known<T>(address));
  useEffect(() => {
    setPolled(known<T>(address));
    if (address === undefined) return;
    return keepAsking({
      everyMs,
      ask: () => getJson<T>(address),
      answered: (answer) => setPolled({ answer, failure: undefined }),
      failed: (failure) => setPolled(({ answer }) => ({ answer, failure })),
    });
  }, [address, everyMs]);
  return polled;
}

function known<T>(address: string | undefined): Polled<T> {
  return { answer: address === undefined ? undefined : lastAnswer<T>(address), failure: undefined };
}
