import type { Progress } from '#domain';
import { useLocale } from '../text/locale.ts';

export const EXCEPTION_KINDS = ['held', 'disputed', 'awaiting', 'returned', 'annulled', 'sealed', 'closed'] as const;

/** What is missing and what somebody still has to decide, in words; nothing where all is settled. */
export function Exceptions({ progress }: { progress: Progress }) {
  const { t } = useLocale();
  const missing = progress.stations - progress.received;
  const lines = EXCEPTION_KINDS.flatMap((kind) =>
    progress[kind] > 0 ? [{ kind: kind as string, text: t.exceptions[kind](progress[kind]) }] : [],
  );
  if (missing > 0) lines.unshift({ kind: 'missing', text: t.exceptions.missing(missing) });
  if (lines.length === 0) return null;
  return (
    <section class="exceptions" aria-label={t.exceptions.title}>
      <ul>
        {lines.map(({ kind, text }) => (
          <li key={kind} class={`exception-${kind}`}>
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}
