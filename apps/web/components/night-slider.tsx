import { useId } from 'preact/hooks';
import type { Step } from '../figures/night.ts';
import { auditWords } from '../text/audit.ts';
import { type Locale, useLocale } from '../text/locale.ts';
import { dated } from './past-notice.tsx';

interface NightSliderProps {
  readonly label: string;
  readonly steps: readonly Step[];
  readonly at: number;
  readonly onMove: (to: number) => void;
}

/** A slider over the night, a step for each change of the contest's totals. Moved by keyboard as every slider. */
export function NightSlider({ label, steps, at, onMove }: NightSliderProps) {
  const locale = useLocale();
  const id = useId();
  const words = auditWords(locale).past;
  const last = steps.length - 1;
  return (
    <div class="night-slider">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        step={1}
        value={at}
        aria-valuetext={stepText(locale, steps[at])}
        aria-describedby={`${id}-keys`}
        onInput={(event) => onMove(event.currentTarget.valueAsNumber)}
      />
      <output for={id} class="night-moment">
        {stepText(locale, steps[at])}
      </output>
      <span id={`${id}-keys`} class="unseen">
        {words.keys}
      </span>
    </div>
  );
}

export function stepText(locale: Locale, step: Step | undefined): string {
  const words = auditWords(locale).past;
  return step?.time == null ? words.start : words.state(dated(locale, step.time), step.received);
}
