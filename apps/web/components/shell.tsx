import type { ComponentChildren } from 'preact';
import { usePageHead } from '../head.ts';
import { inLanguage, links } from '../route.ts';
import { place } from '../router.ts';
import { UI_LANGUAGES, useLocale } from '../text/locale.ts';
import { ElectionNavigation } from './election-navigation.tsx';
import { SignedIn } from './signed-in.tsx';
import { SiteLinks } from './site-links.tsx';
import { Watermark } from './watermark.tsx';

interface ShellProps {
  readonly title: string;
  /** What the page is, where only its address is shown (a search, a shared link). Never with figures: they get old there. */
  readonly description?: string;
  readonly electionName?: string;
  /** Of the election that the page belongs to. */
  readonly electionId?: string;
  readonly rehearsal?: boolean;
  readonly footer?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What every page has around it: the way past it, the banner of a rehearsal, languages, and where the figures come from. */
export function Shell({
  title,
  description,
  electionName,
  electionId,
  rehearsal = false,
  footer,
  children,
}: ShellProps) {
  const { t, language } = useLocale();
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
          {electionName && electionId && (
            <a class="election-name" href={links.overview(language, electionId)}>
              {electionName}
            </a>
          )}
          <SignedIn />
          <Languages />
        </div>
        {electionId && <ElectionNavigation election={electionId} />}
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="colophon">
        {footer}
        <SiteLinks election={electionId} />
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
