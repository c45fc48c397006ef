/** `/screen/…`: a wall screen that goes from slide to slide, for as long as it hangs there. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Framed } from '../components/framed.tsx';
import type { Route } from '../route.ts';
import { deskWords } from '../text/desk.ts';
import { makeLocale } from '../text/locale.ts';
import { setTheme } from '../theme.ts';

export function ScreenPage({ language, election, theme, slides, everySeconds }: Extract<Route, { page: 'screen' }>) {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    setTheme(theme);
    document.documentElement.classList.add('is-screen');
    return stayAwake();
  }, [theme]);
  useEffect(() => {
    if (slides.length < 2) return;
    const timer = setInterval(() => setTurn((before) => before + 1), everySeconds * 1_000);
    return () => clearInterval(timer);
  }, [slides.length, everySeconds]);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => (frame.current ? keepFitting(frame.current) : undefined), []);
  const place = turn % slides.length;
  const words = deskWords(makeLocale(language, undefined)).framed;
  return (
    <div class="framed" ref={frame}>
      <Framed key={place} language={language} election={election} {...slides[place]!} />
      {slides.length > 1 && <p class="screen-place">{words.slide(place + 1, slides.length)}</p>}
    </div>
  );
}

/** Letters as large as the screen takes, in hundredths of its smaller side. */
const LARGEST = 4;
const SMALLEST = 1.2;

/** Makes the letters smaller where all of it would not fit, again after every change. Returns what ends it. */
function keepFitting(frame: HTMLElement): () => void {
  const root = document.documentElement;
  const fit = (): void => {
    for (let size = LARGEST; size >= SMALLEST; size -= 0.2) {
      root.style.fontSize = `${size}vmin`;
      if (frame.scrollHeight <= innerHeight) return;
    }
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(frame);
  addEventListener('resize', fit);
  return () => {
    sizes.disconnect();
    removeEventListener('resize', fit);
  };
}

/** Asks the system not to switch the screen off, again whenever the page comes back. Returns what ends it. */
function stayAwake(): () => void {
  if (!('wakeLock' in navigator)) return () => {};
  const ask = (): void => {
    // A system that refuses (a battery that is low) keeps its own habits; the page goes on.
    if (!document.hidden) navigator.wakeLock.request('screen').catch(() => undefined);
  };
  ask();
  document.addEventListener('visibilitychange', ask);
  return () => document.removeEventListener('visibilitychange', ask);
}
