import { useLocale } from '../text/locale.ts';
import { Count } from './count.tsx';

/** A count that leads to what it is made of. */
export function Figure({ value, href }: { value: number; href: string | undefined }) {
  const { t } = useLocale();
  if (href === undefined) return <Count value={value} />;
  return (
    <a class="figure" href={href} title={t.figures.madeOf}>
      <Count value={value} />
    </a>
  );
}
