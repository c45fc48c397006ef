import type { RequestFailed } from '../live/http.ts';
import { links } from '../route.ts';
import { place } from '../router.ts';
import { useLocale } from '../text/locale.ts';
import { Failure } from './failure.tsx';
import { Notice } from './notice.tsx';

interface AccountNoticeProps {
  readonly failure: RequestFailed;
  readonly words: { readonly signInFirst: string; readonly notYours: string };
}

/** Why a page for accounts shows nothing: nobody is signed in, or not for this area; anything else is a failure. */
export function AccountNotice({ failure, words }: AccountNoticeProps) {
  const { t, language } = useLocale();
  if (failure.status === 403) return <Notice tone="attention">{words.notYours}</Notice>;
  if (failure.status !== 401) return <Failure failure={failure} />;
  const { path, search } = place.value;
  return (
    <Notice>
      <p>{words.signInFirst}</p>
      <p>
        <a href={links.signIn(language, path + search)}>{t.session.signIn}</a>
      </p>
    </Notice>
  );
}
