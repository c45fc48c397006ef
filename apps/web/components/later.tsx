import { useEffect, useState } from 'preact/hooks';
import { type LaterRoute, loadedPage, loadPage } from '../later-pages.ts';
import { makeLocale } from '../text/locale.ts';

/** A page whose code is loaded when somebody opens it. */
export function Later({ route }: { route: LaterRoute }) {
  const [, setLoaded] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const name = route.page;
  const Page = loadedPage(name);
  useEffect(() => {
    if (loadedPage(name)) return;
    loadPage(name).then(
      () => setLoaded(true),
      () => setFailed(true),
    );
  }, [name]);
  const { t } = makeLocale(route.language, undefined);
  if (!Page) return <p class="loading later">{hasFailed ? t.failed.noConnection : t.loading}</p>;
  return <Page {...route} />;
}
