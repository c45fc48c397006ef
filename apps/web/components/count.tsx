import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocale } from '../text/locale.ts';

const SHOWN_MS = 2_500;

/** By how much a figure has just changed; null most of the time. */
function useChange(value: number): number | null {
  const before = useRef(value);
  const [change, setChange] = useState<number | null>(null);
  useEffect(() => {
    const difference = value - before.current;
    before.current = value;
    if (difference === 0) return;
    setChange(difference);
    const timer = setTimeout(() => setChange(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return change;
}

/** A count that shows when it has changed: a short fade, or in text where motion is not wanted. */
export function Count({ value }: { value: number }) {
  const { count, difference } = useLocale();
  const change = useChange(value);
  return (
    <span class={change === null ? 'count' : 'count count-changed'}>
      {count(value)}
      {change !== null && (
        <span class="count-difference" aria-hidden="true">
          {difference(change)}
        </span>
      )}
    </span>
  );
}
