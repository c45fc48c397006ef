import { useEffect, useState } from 'preact/hooks';
import type { ProvenReceipt } from '#wire';
import { addresses } from '../live/addresses.ts';
import { getText, RequestFailed } from '../live/http.ts';
import { checkReceipt, type ProofChecked, type ProofVerdict } from '../proof/check-receipt.ts';
import { checkSignature, type SignatureVerdict } from '../proof/check-signature.ts';
import { auditWords } from '../text/audit.ts';
import { useLocale } from '../text/locale.ts';
import { Failure } from './failure.tsx';
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
      {isThere && <SignedCheckpoint receipt={receipt} />}
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

const SIGNATURE_TONES: Record<SignatureVerdict, Tone> = {
  signed: 'good',
  'other-key': 'danger',
  'bad-signature': 'danger',
  unable: 'attention',
};

/** Whether the root is one that the election's key stands for. */
function SignedCheckpoint({ receipt: { election, checkpoint } }: { receipt: ProvenReceipt }) {
  const words = auditWords(useLocale()).receipt;
  const [found, setFound] = useState<{ verdict: SignatureVerdict; key: string }>();
  const [failure, setFailure] = useState<RequestFailed>();
  useEffect(() => {
    let isOver = false;
    const check = async (): Promise<void> => {
      const [key = ''] = (await getText(addresses.logKey(election))).split('\n');
      const verdict = await checkSignature(checkpoint ?? '', key);
      if (!isOver) setFound({ verdict, key });
    };
    check().catch((error: unknown) => {
      if (!isOver) setFailure(error instanceof RequestFailed ? error : new RequestFailed(0));
    });
    return () => {
      isOver = true;
    };
  }, [election, checkpoint]);
  if (!found) return failure ? <Failure failure={failure} /> : null;
  return (
    <Notice tone={SIGNATURE_TONES[found.verdict]} title={words.signature[found.verdict]}>
      <p>{words.key}</p>
      <p>
        <code class="key">{found.key}</code>
      </p>
    </Notice>
  );
}
