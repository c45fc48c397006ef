import { account } from '../live/session.ts';
import { links } from '../route.ts';
import { place, route } from '../router.ts';
import { useLocale } from '../text/locale.ts';

/** At the foot of every page: for those who work with the figures. */
export function SiteLinks({ election }: { election: string | undefined }) {
  const { t, pages, language } = useLocale();
  const { path, search } = place.value;
  const asksToSignIn = account.value === null && route.value.page !== 'sign-in';
  if (election === undefined && !asksToSignIn) return null;
  return (
    <nav class="site-links" aria-label={pages.forWork}>
      <ul>
        {election !== undefined && (
          <li>
            <a href={links.newsroom(language, election)}>{pages.newsroom}</a>
          </li>
        )}
        {asksToSignIn && (
          <li>
            <a href={links.signIn(language, path + search)} rel="nofollow">
              {t.session.signIn}
            </a>
          </li>
        )}
      </ul>
    </nav>
  );
}
