import { useEffect, useRef, useState } from 'preact/hooks';

const EVERY_MS = 30_000;

/** The one polite status region: speaks the newest summary, at most every 30 s, never the one the page opened with. */
export function Spoken({ summary }: { summary: string | undefined }) {
  const [said, setSaid] = useState('');
  const first = useRef(summary);
  const newest = useRef(summary);
  const lastAt = useRef(Date.now());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  newest.current = summary;
  first.current ??= summary;
  useEffect(() => {
    if (summary === undefined || summary === first.current || timer.current !== undefined) return;
    first.current = '';
    const wait = Math.max(0, lastAt.current + EVERY_MS - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      lastAt.current = Date.now();
      setSaid(newest.current ?? '');
    }, wait);
  }, [summary]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div class="unseen" role="status" aria-live="polite">
      {said}
    </div>
  );
}
