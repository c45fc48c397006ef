import type { RequestFailed } from '../live/http.ts';
import { useLocale } from '../text/locale.ts';
import { Notice } from './notice.tsx';

/** Why there is nothing to show (yet). */
export function Failure({ failure }: { failure: RequestFailed }) {
  const { t } = useLocale();
  const text = failure.status === 0 ? t.failed.noConnection : t.failed.server(`${failure.status} ${failure.message}`);
  return (
    <Notice tone="danger" title={t.failed.title}>
      {text}
    </Notice>
  );
}
