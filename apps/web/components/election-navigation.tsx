import { links } from '../route.ts';
import { place, route } from '../router.ts';
import { useLocale } from '../text/locale.ts';

/** The pages that every election has. */
export function ElectionNavigation({ election }: { election: string }) {
  const { pages, language } = useLocale();
  const { page } = route.value;
  const items = [
    { id: 'overview', text: pages.overview, href: links.overview(language, election) },
    { id: 'search', text: pages.search, href: links.search(language, election) },
    { id: 'corrections', text: pages.corrections, href: links.corrections(language, election) },
    { id: 'about', text: pages.about, href: links.about(language, election) },
  ];
  return (
    <nav class="election-navigation" aria-label={pages.navigation}>
      <ul>
        {items.map(({ id, text, href }) => (
          <li key={id}>
            <a href={href} aria-current={id === page ? (href === place.value.path ? 'page' : 'true') : undefined}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
