import type { Progress, Track } from '#domain';
import type { CertifiedState } from '#wire';
import type { ResultState } from '../figures/standing.ts';
import { type Locale, useLocale } from '../text/locale.ts';
import { Emphasis } from './emphasis.tsx';
import { Tag, type Tone } from './tag.tsx';

interface StatusSentenceProps {
  readonly state: ResultState;
  readonly progress: Progress | undefined;
  readonly track: Track;
  readonly hasFigures: boolean;
  readonly certified: CertifiedState;
  /** When results come, where they are not out yet. */
  readonly publication: string;
}

const TONES: Record<ResultState, Tone> = {
  unpublished: 'neutral',
  nothing: 'neutral',
  incomplete: 'attention',
  complete: 'accent',
  certified: 'good',
  changed: 'danger',
};

/** What these figures are called, and in one or two sentences how much of the count they are. */
export function StatusSentence({ state, progress, track, hasFigures, certified, publication }: StatusSentenceProps) {
  const locale = useLocale();
  const { t } = locale;
  const when = certified.state === 'certified' ? locale.moment(certified.at) : '';
  return (
    <div class="status">
      <Tag tone={TONES[state]}>{t.states[state]}</Tag>
      <p class="status-sentence">
        {state === 'unpublished' && `${publication} `}
        {progress && <Emphasis text={progressSentence(locale, progress, track, hasFigures, state)} />}
      </p>
      <p class="status-note">
        {state === 'certified' && t.stateNotes.certified(when)}
        {state === 'changed' && t.stateNotes.changed(when)}
        {(state === 'incomplete' || state === 'complete') && t.stateNotes.preliminary}
        {state === 'unpublished' && progress && t.publication.progressOnly}
      </p>
    </div>
  );
}

export function progressSentence(
  { t, share }: Locale,
  progress: Progress,
  track: Track,
  hasFigures: boolean,
  state: ResultState,
): string {
  const { stations, received, counted, registered, registeredCounted } = progress;
  if (received === 0) return t.sentence.nothing(stations);
  if (state !== 'unpublished' && !hasFigures && track === 'verified')
    return `${t.sentence.received(received, stations)} ${t.sentence.nothingVerified}`;
  if (counted === 0) return t.sentence.notCounted;
  const first = counted === stations ? t.sentence.allCounted(stations) : t.sentence.received(received, stations);
  return registered > 0 ? `${first} ${t.sentence.coverage(share(registeredCounted, registered))}` : first;
}
