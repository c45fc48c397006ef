/**
 * A position that is moved along, as by a slider. It shows at once; the address follows when it rests, since browsers
 * take only so many changes of it.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { navigate } from '../router.ts';

const REST_MS = 250;

/** `at`: as the address says. Returns where it stands, and what moves it. */
export function useMoving(at: string, hrefAt: (at: string) => string): readonly [string, (to: string) => void] {
  const [moved, setMoved] = useState({ from: at, to: at });
  // An address that has changed since, by a link or by what is told here, has the last word.
  const stands = moved.from === at ? moved.to : at;
  // Who moves it may have been told how before the address followed.
  const newest = useRef({ at, hrefAt });
  newest.current = { at, hrefAt };
  useEffect(() => setMoved((own) => (own.from === at ? own : { from: at, to: at })), [at]);
  useEffect(() => {
    if (stands === at) return;
    const timer = setTimeout(() => navigate(newest.current.hrefAt(stands), { replace: true }), REST_MS);
    return () => clearTimeout(timer);
  }, [stands, at]);
  return [stands, (to) => setMoved({ from: newest.current.at, to })];
}
