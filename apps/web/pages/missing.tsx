import { useMemo } from 'preact/hooks';
import { Heading } from '../components/heading.tsx';
import { Shell } from '../components/shell.tsx';
import { links } from '../route.ts';
import { LocaleContext, makeLocale, type UiLanguage } from '../text/locale.ts';

export function MissingPage({ language }: { language: UiLanguage }) {
  const locale = useMemo(() => makeLocale(language, undefined), [language]);
  const { t } = locale;
  return (
    <LocaleContext.Provider value={locale}>
      <Shell title={t.missing.title}>
        <Heading text={t.missing.title} />
        <p class="lead">{t.missing.text}</p>
        <p>
          <a href={links.elections(language)}>{t.missing.home}</a>
        </p>
      </Shell>
    </LocaleContext.Provider>
  );
}
