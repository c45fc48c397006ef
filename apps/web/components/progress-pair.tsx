import type { Progress } from '#domain';
import { shareHundredths } from '../figures/share.ts';
import { useLocale } from '../text/locale.ts';
import { Bar } from './bar.tsx';
import { Emphasis } from './emphasis.tsx';

/** The two measures of how far the count is: sheets, and the voters they stand for. */
export function ProgressPair({ progress, of }: { progress: Progress /** Where a page has several. */; of?: string }) {
  const { t, share } = useLocale();
  const { stations, received, counted, verified, registered, registeredCounted } = progress;
  return (
    <section class="progress-pair" aria-label={of ? `${t.progress.title}: ${of}` : t.progress.title}>
      <Measure
        label={t.progress.sheets}
        percent={share(received, stations)}
        value={shareHundredths(counted, stations)}
        behind={shareHundredths(received, stations) ?? 0}
        text={t.progress.sheetsOf(received, stations)}
        more={received > 0 ? t.progress.counted(counted, verified) : undefined}
      />
      <Measure
        label={t.progress.voters}
        percent={share(registeredCounted, registered)}
        value={shareHundredths(registeredCounted, registered)}
        text={registered > 0 ? t.progress.votersOf(registeredCounted, registered) : t.progress.votersUnknown}
      />
    </section>
  );
}

interface MeasureProps {
  readonly label: string;
  readonly percent: string;
  readonly value: number | null;
  readonly behind?: number;
  readonly text: string;
  readonly more?: string;
}

function Measure({ label, percent, value, behind, text, more }: MeasureProps) {
  return (
    <div class="measure">
      <p class="measure-head">
        <span class="measure-label">{label}</span>
        <span class="measure-percent">{percent}</span>
      </p>
      <Bar value={value} behind={behind} tone="accent" size="thick" />
      <p class="measure-text">
        <Emphasis text={text} />
        {more && <span class="measure-more">{` · ${more}`}</span>}
      </p>
    </div>
  );
}
