/** Signing in with a token: one field, one button, and errors that say what to do. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Heading } from '../components/heading.tsx';
import { Shell } from '../components/shell.tsx';
import { RequestFailed } from '../live/http.ts';
import { signIn } from '../live/session.ts';
import { links } from '../route.ts';
import { deskWords } from '../text/desk.ts';
import { LocaleContext, makeLocale, type UiLanguage } from '../text/locale.ts';

interface SignInPageProps {
  readonly language: UiLanguage;
  /** Where to go on to. */
  readonly to: string | undefined;
}

type Failed = 'empty' | 'wrong' | 'often' | 'offline' | 'other';

export function SignInPage({ language, to }: SignInPageProps) {
  const locale = useMemo(() => makeLocale(language, undefined), [language]);
  const words = deskWords(locale).signIn;
  const [failed, setFailed] = useState<Failed>();
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (failed) field.current?.focus();
  }, [failed]);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const token = String(given.get('token') ?? '').trim();
    if (token === '') return setFailed('empty');
    setBusy(true);
    setFailed(undefined);
    try {
      await signIn(token, given.get('stay') !== null);
      location.assign(to ?? links.elections(language));
    } catch (error) {
      setBusy(false);
      setFailed(reasonOf(error));
    }
  };
  return (
    <LocaleContext.Provider value={locale}>
      <Shell title={`${failed ? words.errorMark : ''}${words.title} – Tally`}>
        <Heading text={words.title} />
        <p class="lead">{words.lead}</p>
        <form class="sign-in" noValidate onSubmit={submit}>
          <div class="field">
            <label for="token">{words.token}</label>
            <p id="token-hint" class="field-hint">
              {words.hint}
            </p>
            <p id="token-error" class="field-error" role="alert">
              {failed && words.failed[failed]}
            </p>
            <input
              ref={field}
              id="token"
              name="token"
              type="password"
              autocomplete="current-password"
              spellcheck={false}
              aria-describedby="token-hint token-error"
              aria-invalid={failed ? 'true' : undefined}
            />
          </div>
          <label class="check">
            <input type="checkbox" name="stay" /> {words.stay}
          </label>
          <button type="submit" class="button" aria-disabled={isBusy}>
            {words.submit}
          </button>
        </form>
      </Shell>
    </LocaleContext.Provider>
  );
}

function reasonOf(error: unknown): Failed {
  const status = error instanceof RequestFailed ? error.status : undefined;
  if (status === 401) return 'wrong';
  if (status === 429) return 'often';
  return status === 0 ? 'offline' : 'other';
}
