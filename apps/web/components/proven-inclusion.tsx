import { useEffect, useState } from 'preact/hooks';
import type { ProvenReceipt } from '#wire';
import { checkReceipt, type ProofChecked, type ProofVerdict } from '../proof/check-receipt.ts';
import { auditWords } from '../text/audit.ts';
import { useLocale } from '../text/locale.ts';
import { Notice } from './notice.tsx';
import type { Tone } from './tag.tsx';

interface ProvenInclusionProps {
  /** As the holder of the receipt gave it. */
  readonly id: string;
  readonly receipt: ProvenReceipt;
}

const TONES: Record<ProofVerdict, Tone> = {
  holds: 'good',
  'other-code': 'danger',
  'other-root': 'danger',
  malformed: 'danger',
  'no-crypto': 'attention',
};

/** That the event is in the log, with the proof that this browser has checked by itself. */
export function ProvenInclusion({ id, receipt }: ProvenInclusionProps) {
  const locale = useLocale();
  const words = auditWords(locale).receipt;
  const [checked, setChecked] = useState<ProofChecked>();
  useEffect(() => {
    let isOver = false;
    void checkReceipt(id, receipt).then((found) => {
      if (!isOver) setChecked(found);
    });
    return () => {
      isOver = true;
    };
  }, [id, receipt]);
  if (!checked) return <p class="loading">{words.checking}</p>;
  const { verdict, tree, steps } = checked;
  const isThere = verdict === 'holds' || verdict === 'no-crypto';
  return (
    <>
      {isThere && tree && (
        <p class="lead">
          <b>{words.inLog}</b> {words.inLogText(receipt.attempt, tree.size)}
        </p>
      )}
      <Notice tone={TONES[verdict]} title={words.verdict[verdict]}>
        {verdict === 'holds' && words.holdsText(steps.length)}
      </Notice>
      {tree && (
        <details class="signed-note">
          <summary>{words.proof}</summary>
          <dl class="facts">
            <div>
              <dt>{words.facts.size}</dt>
              <dd>{locale.count(tree.size)}</dd>
            </div>
            <div>
              <dt>{words.facts.root}</dt>
              <dd>
                <code>{tree.root}</code>
              </dd>
            </div>
          </dl>
          {steps.length > 0 && (
            <>
              <h3>{words.steps}</h3>
              <ol class="proof-steps">
                {steps.map(({ side, hash }) => (
                  <li key={hash}>
                    <code>{hash}</code> {words.sides[side]}
                  </li>
                ))}
              </ol>
            </>
          )}
          <h3>{words.checkpoint}</h3>
          <pre class="command">
            <code>{receipt.checkpoint}</code>
          </pre>
        </details>
      )}
    </>
  );
}
