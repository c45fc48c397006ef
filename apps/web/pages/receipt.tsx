import type { ProvenReceipt } from '#wire';
import { ElectionPage } from '../components/election-page.tsx';
import { Failure } from '../components/failure.tsx';
import { Notice } from '../components/notice.tsx';
import { ProvenInclusion } from '../components/proven-inclusion.tsx';
import { QrCode } from '../components/qr-code.tsx';
import type { RequestFailed } from '../live/http.ts';
import { useIsHydrated } from '../live/use-is-hydrated.ts';
import { useReceipt } from '../live/use-receipt.ts';
import { readReceiptId } from '../proof/receipt-text.ts';
import { links, type Route } from '../route.ts';
import { navigate } from '../router.ts';
import { type AuditWords, auditWords } from '../text/audit.ts';
import type { Locale } from '../text/locale.ts';

/** Whether what a receipt stands for is in the log: by its number, and by a proof that the browser checks. */
export function ReceiptPage({ language, election, id: given }: Extract<Route, { page: 'receipt' }>) {
  const id = readReceiptId(given);
  const address = links.receipt(language, election);
  return (
    <ElectionPage
      language={language}
      election={election}
      title={(locale) => auditWords(locale).receipt.title}
      lead={(locale) => auditWords(locale).receipt.lead}
    >
      {(locale) => {
        const words = auditWords(locale).receipt;
        return (
          <>
            <form
              class="search"
              action={address}
              onSubmit={(event) => {
                event.preventDefault();
                const typed = String(new FormData(event.currentTarget).get('id') ?? '');
                navigate(links.receipt(language, election, readReceiptId(typed) ?? typed));
              }}
            >
              <label for="id">{words.label}</label>
              <div class="search-row">
                <input
                  key={given}
                  id="id"
                  name="id"
                  defaultValue={id ?? given}
                  maxLength={64}
                  autocomplete="off"
                  autocapitalize="characters"
                  spellcheck={false}
                  aria-describedby="id-hint"
                />
                <button type="submit" class="solid-button">
                  {words.button}
                </button>
              </div>
              <p id="id-hint" class="section-note">
                {words.hint}
              </p>
            </form>
            <div aria-live="polite">
              {given !== '' && id === null && <Notice tone="attention">{words.unreadable}</Notice>}
              {id !== null && <Asked key={id} id={id} election={election} locale={locale} />}
            </div>
          </>
        );
      }}
    </ElectionPage>
  );
}

function Asked({ id, election, locale }: { id: string; election: string; locale: Locale }) {
  const words = auditWords(locale).receipt;
  const { receipt, failure } = useReceipt(election, id);
  return (
    <section class="receipt" aria-labelledby="receipt">
      <h2 id="receipt">{words.one(id)}</h2>
      {receipt ? (
        <InLog id={id} receipt={receipt} words={words} />
      ) : (
        !failure && <p class="loading">{locale.t.loading}</p>
      )}
      {!receipt && failure && <NotFound failure={failure} words={words} />}
    </section>
  );
}

type ReceiptWords = AuditWords['receipt'];

function NotFound({ failure, words }: { failure: RequestFailed; words: ReceiptWords }) {
  switch (failure.problem?.type.split('/').at(-1)) {
    case 'unknown-receipt':
      return (
        <Notice tone="danger" title={words.unknown}>
          {words.unknownText}
        </Notice>
      );
    case 'no-signing-key':
      return <Notice title={words.noKey}>{words.noKeyText}</Notice>;
    default:
      return <Failure failure={failure} />;
  }
}

interface InLogProps {
  readonly id: string;
  readonly receipt: ProvenReceipt;
  readonly words: ReceiptWords;
}

function InLog({ id, receipt, words }: InLogProps) {
  const isHydrated = useIsHydrated();
  return (
    <>
      {receipt.proof ? (
        <ProvenInclusion id={id} receipt={receipt} />
      ) : (
        <Notice title={words.pending}>{words.pendingText}</Notice>
      )}
      <div class="columns">
        <dl class="facts">
          <div>
            <dt>{words.facts.place}</dt>
            <dd>
              <code>{receipt.attempt}</code>
            </dd>
          </div>
          <div>
            <dt>{words.facts.code}</dt>
            <dd>
              <code>{receipt.code}</code>
            </dd>
          </div>
          <div>
            <dt>{words.facts.digest}</dt>
            <dd>
              <code>{receipt.digest}</code>
            </dd>
          </div>
        </dl>
        {isHydrated && <QrCode text={location.href} label={words.qr} />}
      </div>
      <p class="section-foot">{words.saysNothing}</p>
      <details class="signed-note">
        <summary>{words.note}</summary>
        <pre class="command">
          <code>{receipt.note}</code>
        </pre>
      </details>
    </>
  );
}
