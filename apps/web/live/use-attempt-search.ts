/** What a search of histories finds, a page after the other. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AttemptMessage, AttemptSearchAnswer } from '#wire';
import { getJson, RequestFailed } from './http.ts';

export interface AttemptSearch {
  readonly attempts: readonly AttemptMessage[];
  /** Of the last page; undefined before the first. */
  readonly position: string | undefined;
  readonly next: string | null;
  readonly isSearching: boolean;
  readonly failure: RequestFailed | undefined;
}

const NOTHING: AttemptSearch = { attempts: [], position: undefined, next: null, isSearching: true, failure: undefined };

/** `address`: of the first page. What has come since is not asked for. */
export function useAttemptSearch(address: string): AttemptSearch & { readonly more: () => void } {
  const [search, setSearch] = useState(NOTHING);
  const latest = useRef(address);
  const ask = async (after: string | null): Promise<void> => {
    const isLatest = (): boolean => latest.current === address;
    setSearch((own) => ({ ...own, isSearching: true }));
    try {
      const page = await somePage(address, after, isLatest);
      if (!isLatest()) return;
      setSearch((own) => ({
        attempts: after === null ? page.attempts : [...own.attempts, ...page.attempts],
        position: page.position,
        next: page.next,
        isSearching: false,
        failure: undefined,
      }));
    } catch (error) {
      const failure = error instanceof RequestFailed ? error : new RequestFailed(0);
      if (isLatest()) setSearch((own) => ({ ...own, isSearching: false, failure }));
    }
  };
  useEffect(() => {
    latest.current = address;
    setSearch(NOTHING);
    void ask(null);
    return () => {
      latest.current = '';
    };
  }, [address]);
  return { ...search, more: () => void ask(search.next) };
}

/** The next page that has something, or the last one. */
async function somePage(address: string, after: string | null, isWanted: () => boolean): Promise<AttemptSearchAnswer> {
  for (let from = after; ; ) {
    const page = await getJson<AttemptSearchAnswer>(
      from === null ? address : `${address}&after=${encodeURIComponent(from)}`,
    );
    if (page.attempts.length > 0 || page.next === null || !isWanted()) return page;
    from = page.next;
  }
}
