import type { Arrival } from '../live/unit-model.ts';
import { useLocale } from '../text/locale.ts';

interface ArrivalChartProps {
  readonly arrivals: readonly Arrival[];
  readonly stations: number;
  /** Where the night can be gone through, step by step. */
  readonly nightHref?: string;
}

const WIDTH = 320;
const HEIGHT = 84;
/** After the newest sheet the line goes on a little. */
const REST = 6;

/** How the sheets came in: a stepped line from the first to the newest, out of all polling areas. */
export function ArrivalChart({ arrivals, stations, nightHref }: ArrivalChartProps) {
  const { t, minute, count } = useLocale();
  const points = arrivals.filter(({ received }) => received > 0);
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < 3 || stations <= 0) return null;
  const half = points.find(({ received }) => 2 * received >= stations);
  return (
    <section class="arrival" aria-labelledby="arrival">
      <h2 id="arrival">{t.arrival.title}</h2>
      <svg
        class="arrival-chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        <line class="arrival-all" x1="0" x2={WIDTH} y1="1" y2="1" />
        <path class="arrival-area" d={`${stepPath(points, stations)} L ${WIDTH} ${HEIGHT} L 0 ${HEIGHT} Z`} />
        <path class="arrival-line" d={stepPath(points, stations)} />
      </svg>
      <dl class="arrival-list">
        <Moment name={t.arrival.start} time={minute(first.time)} />
        {half && <Moment name={t.arrival.half} time={minute(half.time)} />}
        <Moment name={`${t.arrival.last} (${count(last.received)}/${count(stations)})`} time={minute(last.time)} />
      </dl>
      {nightHref && (
        <p class="section-foot">
          <a href={nightHref}>{t.arrival.goThrough}</a>
        </p>
      )}
    </section>
  );
}

function Moment({ name, time }: { name: string; time: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{time}</dd>
    </div>
  );
}

function stepPath(points: readonly Arrival[], stations: number): string {
  const times = points.map(({ time }) => Date.parse(time));
  const start = times[0] ?? 0;
  const span = Math.max(1, (times.at(-1) ?? 0) - start);
  const x = (time: number): number => Math.round(((time - start) / span) * (WIDTH - REST) * 10) / 10;
  const y = (received: number): number => Math.round((HEIGHT - (received / stations) * (HEIGHT - 1)) * 10) / 10;
  const steps = points.slice(1).map((point, i) => `H ${x(times[i + 1]!)} V ${y(point.received)}`);
  return `M 0 ${y(points[0]?.received ?? 0)} ${steps.join(' ')} H ${WIDTH}`;
}
