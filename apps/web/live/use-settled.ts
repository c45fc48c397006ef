/** An address that names a time leads to that of the position it stands for: only that one never changes. */
import { useEffect } from 'preact/hooks';
import { navigate } from '../router.ts';
import { readPosition } from './position.ts';

export function useSettled(at: string | undefined, position: string | undefined, hrefAt: (at: string) => string): void {
  const href = at !== undefined && !readPosition(at) && position !== undefined ? hrefAt(position) : undefined;
  useEffect(() => {
    if (href !== undefined) navigate(href, { replace: true });
  }, [href]);
}
