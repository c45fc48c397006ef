import { useEffect, useState } from 'preact/hooks';
import { type Step, tempo } from '../figures/night.ts';
import { auditWords } from '../text/audit.ts';
import { useLocale } from '../text/locale.ts';
import { NightSlider } from './night-slider.tsx';

interface NightPlayerProps {
  readonly steps: readonly Step[];
  readonly at: number;
  /** Whether the figures of the present step are there: before that the night does not go on. */
  readonly isShown: boolean;
  readonly onMove: (to: number) => void;
  readonly onPlaying: (isPlaying: boolean) => void;
}

/** The slider, and a button that plays the night from where it stands; at its end, from the beginning. */
export function NightPlayer({ steps, at, isShown, onMove, onPlaying }: NightPlayerProps) {
  const words = auditWords(useLocale()).past;
  const [isPlaying, setPlaying] = useState(false);
  const last = steps.length - 1;
  const play = (next: boolean): void => {
    setPlaying(next);
    onPlaying(next);
  };
  useEffect(() => {
    if (!isPlaying || !isShown) return;
    if (at >= last) return play(false);
    const { stride, everyMs } = tempo(steps.length, matchMedia('(prefers-reduced-motion: reduce)').matches);
    const timer = setTimeout(() => onMove(Math.min(last, at + stride)), everyMs);
    return () => clearTimeout(timer);
  }, [isPlaying, isShown, at, last]);
  const step = (to: number): void => {
    play(false);
    onMove(to);
  };
  const toggle = (): void => {
    if (!isPlaying && at >= last) onMove(0);
    play(!isPlaying);
  };
  return (
    <section class="night" aria-labelledby="night">
      <h2 id="night">{words.night}</h2>
      <NightSlider label={words.moment} steps={steps} at={at} onMove={step} />
      <div class="night-buttons">
        <button type="button" class="quiet-button" disabled={at <= 0} onClick={() => step(at - 1)}>
          {words.earlier}
        </button>
        <button type="button" class="solid-button" onClick={toggle}>
          {isPlaying ? words.pause : words.play}
        </button>
        <button type="button" class="quiet-button" disabled={at >= last} onClick={() => step(at + 1)}>
          {words.later}
        </button>
      </div>
    </section>
  );
}
