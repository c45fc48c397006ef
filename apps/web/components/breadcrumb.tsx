import { useLocale } from '../text/locale.ts';

export interface Crumb {
  readonly name: string;
  readonly href: string;
}

/** The way from the root down to the unit above this page. */
export function Breadcrumb({ crumbs }: { crumbs: readonly Crumb[] }) {
  const { t } = useLocale();
  if (crumbs.length === 0) return null;
  return (
    <nav class="breadcrumb" aria-label={t.navigation}>
      <ol>
        {crumbs.map(({ name, href }) => (
          <li key={href}>
            <a href={href}>{name}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
