import type { Severity } from '#domain';
import type { FindingAnswer, SheetAnswer } from '#wire';
import { useLocale } from '../text/locale.ts';
import { Tag, type Tone } from './tag.tsx';

const TONES: Record<Severity, Tone> = { error: 'danger', warning: 'attention', info: 'neutral' };
const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

/** What the rules say about the sheet, in plain words, and what to do about it. */
export function Findings({ sheet }: { sheet: SheetAnswer }) {
  const { t } = useLocale();
  if (!sheet.standing && !sheet.newest) return null;
  const findings = [...sheet.findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return (
    <section class="findings" aria-labelledby="findings">
      <h2 id="findings">{t.findings.title}</h2>
      {findings.length === 0 ? (
        <p class="section-foot">{t.findings.none}</p>
      ) : (
        <ul>
          {findings.map((finding) => (
            <li key={`${finding.rule} ${finding.about ?? ''} ${finding.revision}`}>
              <FindingCard finding={finding} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function FindingCard({ finding }: { finding: FindingAnswer }) {
  const { t, pick } = useLocale();
  const { rule, severity, message, advice, source, fields, revision, about } = finding;
  const clerk = pick(advice?.clerk);
  const reviewer = pick(advice?.reviewer);
  return (
    <article class={`finding finding-${severity}`}>
      <p class="finding-head">
        <Tag tone={TONES[severity]}>{t.findings.severity[severity]}</Tag>
        {fields && fields.length > 0 && <span class="finding-fields">{fields.join(', ')}</span>}
        <span class="finding-revision">{t.findings.inRevision(revision)}</span>
      </p>
      <p class="finding-message">{rule === 'rule-failed' ? t.findings.ruleFailed : pick(message, rule)}</p>
      {clerk && (
        <p class="finding-advice">
          <b>{t.findings.clerk}:</b> {clerk}
        </p>
      )}
      {reviewer && (
        <p class="finding-advice">
          <b>{t.findings.reviewer}:</b> {reviewer}
        </p>
      )}
      <p class="finding-source">
        {t.findings.code} <code>{about ?? rule}</code>
        {source && ` · ${t.findings.source}: ${source}`}
      </p>
    </article>
  );
}
