import { useLocale } from '../text/locale.ts';

/** "REHEARSAL" over the whole page, on screen and on paper, under every figure's eye and never in the way of a finger. */
export function Watermark() {
  const { t } = useLocale();
  return (
    <svg class="watermark" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="watermark" width="460" height="240" patternUnits="userSpaceOnUse" patternTransform="rotate(-24)">
          <text x="10" y="70">
            {t.rehearsalMark}
          </text>
          <text x="240" y="190">
            {t.rehearsalMark}
          </text>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill="url(#watermark)" />
    </svg>
  );
}
