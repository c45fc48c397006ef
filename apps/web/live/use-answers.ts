/** Several answers at once, kept fresh together; undefined where one is not there yet. */
import { useEffect, useState } from 'preact/hooks';
import { keepAsking } from './asking.ts';
import { getJson, lastAnswer } from './http.ts';

const EVERY_MS = 10_000;

export function useAnswers<T>(addresses: readonly string[]): readonly (T | undefined)[] {
  const name = addresses.join(' ');
  const known = (): readonly (T | undefined)[] => addresses.map((address) => lastAnswer<T>(address));
  const [state, setState] = useState({ name, answers: known() });
  useEffect(
    () =>
      keepAsking({
        everyMs: EVERY_MS,
        ask: () => Promise.all(addresses.map((address) => getJson<T>(address))),
        answered: (answers) => setState({ name, answers }),
        // What is shown stays; the next question follows.
        failed: () => setState((own) => own),
      }),
    [name],
  );
  return state.name === name ? state.answers : known();
}
