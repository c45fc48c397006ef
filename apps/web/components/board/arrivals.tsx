import type { ArrivalPoint, ArrivalsAnswer } from '#wire';
import { addresses } from '../../live/addresses.ts';
import { usePolled } from '../../live/polled.ts';
import { deskWords } from '../../text/desk.ts';
import { useLocale } from '../../text/locale.ts';
import { Failure } from '../failure.tsx';

interface ArrivalsProps {
  readonly election: string;
  readonly unit: string;
  /** undefined: none chosen, of several. */
  readonly contest: string | undefined;
}

const EVERY_MS = 15_000;
const WIDTH = 640;
const HEIGHT = 200;
const ROWS = 12;

/** How the minutes of a contest arrive beside how they were expected to: in words, as two lines, and as a table. */
export function Arrivals({ election, unit, contest }: ArrivalsProps) {
  const words = deskWords(useLocale()).board;
  const address = contest === undefined ? undefined : addresses.arrivals(election, unit, { contest });
  const { answer, failure } = usePolled<ArrivalsAnswer>(address, EVERY_MS);
  return (
    <div class="board-arrivals">
      <h2 id="arrivals">{words.arrivals}</h2>
      {contest === undefined && <p>{words.chooseContest}</p>}
      {failure && !answer && <Failure failure={failure} />}
      {answer && <Curves answer={answer} />}
    </div>
  );
}

function Curves({ answer }: { answer: ArrivalsAnswer }) {
  const { moment } = useLocale();
  const words = deskWords(useLocale()).board;
  const { arrived, expected, stations, expectation } = answer;
  const now = Date.now();
  const times = [...arrived, ...expected].map(({ time }) => Date.parse(time));
  const span: Span = [Math.min(...times), Math.max(...times)];
  return (
    <>
      <p>{words.arrivalsSentence(arrived.at(-1)?.received ?? 0, stations, receivedAt(expected, now))}</p>
      <svg
        class="curves"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        <path class="curve-expected" d={steps(expected, stations, span)} />
        {arrived.length > 0 && <path class="curve-arrived" d={steps(arrived, stations, span)} />}
      </svg>
      <ul class="curves-key">
        <li class="key-arrived">{words.arrived}</li>
        <li class="key-expected">{words.expected}</li>
      </ul>
      <details>
        <summary>{words.asTable}</summary>
        <ArrivalsTable answer={answer} span={span} />
      </details>
      <p class="section-note">
        {words.expectation(
          moment(expectation.closes),
          expectation.afterCloseMinutes,
          expectation.minutesPerHundredVoters,
        )}
      </p>
    </>
  );
}

type Span = readonly [number, number];

function ArrivalsTable({ answer: { arrived, expected }, span: [from, to] }: { answer: ArrivalsAnswer; span: Span }) {
  const { moment, count } = useLocale();
  const words = deskWords(useLocale()).board;
  const times = Array.from({ length: ROWS }, (_, i) => from + ((to - from) * i) / (ROWS - 1));
  return (
    <table class="table">
      <caption class="unseen">{words.arrivals}</caption>
      <thead>
        <tr>
          <th scope="col">{words.time}</th>
          <th scope="col" class="cell-number">
            {words.arrived}
          </th>
          <th scope="col" class="cell-number">
            {words.expected}
          </th>
        </tr>
      </thead>
      <tbody>
        {times.map((time) => (
          <tr key={time}>
            <th scope="row">{moment(time)}</th>
            <td class="cell-number">{count(receivedAt(arrived, time))}</td>
            <td class="cell-number">{count(receivedAt(expected, time))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function receivedAt(points: readonly ArrivalPoint[], time: number): number {
  return points.filter((point) => Date.parse(point.time) <= time).at(-1)?.received ?? 0;
}

function steps(points: readonly ArrivalPoint[], stations: number, [from, to]: Span): string {
  const x = (time: string): string => (((Date.parse(time) - from) / Math.max(1, to - from)) * WIDTH).toFixed(1);
  const y = (received: number): string => (HEIGHT - 2 - (received / stations) * (HEIGHT - 4)).toFixed(1);
  const [first, ...rest] = points;
  if (!first) return '';
  const parts = rest.map((point) => `H ${x(point.time)} V ${y(point.received)}`);
  return `M ${x(first.time)} ${y(0)} V ${y(first.received)} ${parts.join(' ')} H ${WIDTH}`;
}
