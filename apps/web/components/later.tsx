import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { makeLocale, type UiLanguage } from '../text/locale.ts';

type LaterProps<Props> = Props & { readonly load: () => Promise<ComponentType<Props>>; readonly language: UiLanguage };

/** A page whose code is loaded when somebody opens it. */
export function Later<Props extends object>({ load, ...props }: LaterProps<Props>) {
  const [Page, setPage] = useState<ComponentType<Props>>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    load().then(
      (loaded) => setPage(() => loaded),
      () => setFailed(true),
    );
  }, [load]);
  const { t } = makeLocale(props.language, undefined);
  if (!Page) return <p class="loading later">{hasFailed ? t.failed.noConnection : t.loading}</p>;
  return <Page {...(props as unknown as Props)} />;
}
