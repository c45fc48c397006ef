/** Whether the page runs in a browser already: what only a browser knows is shown from then on. */
import { useEffect, useState } from 'preact/hooks';

export function useIsHydrated(): boolean {
  const [isHydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  return isHydrated;
}
