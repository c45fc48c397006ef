interface BarProps {
  /** Hundredths of a percent of the whole bar; null draws the empty bar. */
  readonly value: number | null;
  /** A lighter part behind, e.g. what is received but not yet counted. */
  readonly behind?: number;
  readonly tone?: 'quiet' | 'accent';
  readonly size?: 'thin' | 'thick';
  /** Marks one half. */
  readonly half?: boolean;
}

const WHOLE = 10_000;

/** A bar from 0 to 100 %. For the eye only: the figure stands beside it in text. */
export function Bar({ value, behind, tone = 'quiet', size = 'thin', half = false }: BarProps) {
  return (
    <svg
      class={`bar bar-${tone} bar-${size}`}
      viewBox={`0 0 ${WHOLE} 1`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <rect class="bar-ground" width={WHOLE} height="1" />
      {behind !== undefined && <rect class="bar-behind" width={clamp(behind)} height="1" />}
      {value !== null && <rect class="bar-value" width={clamp(value)} height="1" />}
      {half && <line class="bar-half" x1={WHOLE / 2} x2={WHOLE / 2} y1="0" y2="1" />}
    </svg>
  );
}

function clamp(hundredths: number): number {
  return Math.max(0, Math.min(WHOLE, hundredths));
}
