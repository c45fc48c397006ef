import type { ComponentChildren } from 'preact';
import type { ElectionAnswer } from '#wire';
import { usePageHead } from '../head.ts';
import { inLanguage, links } from '../route.ts';
import { place } from '../router.ts';
import { UI_LANGUAGES, useLocale } from '../text/locale.ts';
import { ElectionNavigation } from './election-navigation.tsx';
import { FreezeNotice } from './freeze-notice.tsx';
import { SignedIn } from './signed-in.tsx';
import { SiteLinks } from './site-links.tsx';
import { Watermark } from './watermark.tsx';

interface ShellProps {
  readonly title: string;
  /** What the page is, where only its address is shown (a search, a shared link). Never with figures: they get old there. */
  readonly description?: string;
  /** The one that the page belongs to, once it is known. */
  readonly election?: ElectionAnswer | undefined;
  readonly footer?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What every page has around it: the way past it, the banner of a rehearsal, languages, and where the figures come from. */
export function Shell({ title, description, election, footer, children }: ShellProps) {
  const { t, language, pick } = useLocale();
  const electionName = election && pick(election.name, election.id);
  const rehearsal = election?.rehearsal;
  const whole = [rehearsal ? `[${t.rehearsalMark}] ${title}` : title, electionName].filter(Boolean).join(' – ');
  usePageHead({ title: whole, description });
  return (
    <div class={rehearsal ? 'page is-rehearsal' : 'page'}>
      <a class="skip" href="#main">
        {t.skip}
      </a>
      <header>
        {rehearsal && (
          <p class="rehearsal-banner">
            <strong>{t.rehearsal}</strong> {t.rehearsalBanner}
          </p>
        )}
        <div class="masthead">
          <a class="brand" href={links.elections(language)}>
            <BrandMark />
            Tally
          </a>
          {election && (
            <a class="election-name" href={links.overview(language, election.id)}>
              {electionName}
            </a>
          )}
          <SignedIn />
          <Languages />
        </div>
        {election && <ElectionNavigation election={election.id} />}
      </header>
      <main id="main" tabIndex={-1}>
        {election?.freeze && <FreezeNotice {...election.freeze} />}
        {children}
      </main>
      <footer class="colophon">
        {footer}
        <SiteLinks election={election?.id} />
      </footer>
      {rehearsal && <Watermark />}
    </div>
  );
}

function BrandMark() {
  return (
    <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M5 5v14M10 5v14M15 5v14M20 5v14" />
      <path class="brand-stroke" d="M2 17 23 7" />
    </svg>
  );
}

function Languages() {
  const { t, language } = useLocale();
  const { path, search } = place.value;
  const names = { vi: 'Tiếng Việt', en: 'English' };
  return (
    <nav class="languages" aria-label={t.languages}>
      {UI_LANGUAGES.map((other) => (
        <a
          key={other}
          href={inLanguage(other, path, search)}
          lang={other}
          hreflang={other}
          aria-current={other === language ? 'true' : undefined}
        >
          {names[other]}
        </a>
      ))}
    </nav>
  );
}
