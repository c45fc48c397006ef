/** A value once it has stayed the same for a while: what costs much is asked for only then. */
import { useEffect, useState } from 'preact/hooks';

export function useRested<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}
