/** Moves between pages by the history of the browser; keeps the scroll position of each entry. */
import { computed, signal } from '@preact/signals';
import { languageOf, readRoute } from './route.ts';
import { knows } from './text/words.ts';

interface Place {
  readonly path: string;
  readonly search: string;
}

export const place = signal<Place>({ path: '/', search: '' });
export const route = computed(() => readRoute(place.value.path, place.value.search));
/** Goes up with every move to another page by a link: the new page's heading then takes the focus. */
export const moves = signal(0);

let scrollWanted: number | null = null;

function here(): Place {
  return { path: location.pathname, search: location.search };
}

export function startRouter(): void {
  history.scrollRestoration = 'manual';
  place.value = here();
  const before = (history.state as { scroll?: number } | null)?.scroll;
  if (before !== undefined) scrollWanted = before;
  addEventListener('popstate', (event) => {
    scrollWanted = (event.state as { scroll?: number } | null)?.scroll ?? 0;
    place.value = here();
  });
  addEventListener('click', onClick);
  addEventListener('pagehide', rememberScroll);
}

function rememberScroll(): void {
  history.replaceState({ ...history.state, scroll: scrollY }, '');
}

export function navigate(address: string, { replace = false } = {}): void {
  const before = place.value.path;
  if (replace) history.replaceState(null, '', address);
  else {
    rememberScroll();
    history.pushState(null, '', address);
  }
  place.value = here();
  if (replace || place.value.path === before) return;
  scrollWanted = 0;
  moves.value += 1;
}

/** To be called once a page shows its heading: a new page is read from its top. */
export function headShown(): void {
  if (scrollWanted === 0) contentShown();
}

/** To be called once a page shows its content: only then is it long enough to scroll back to where the reader was. */
export function contentShown(): void {
  if (scrollWanted === null) return;
  const top = scrollWanted;
  scrollWanted = null;
  scrollTo({ top, behavior: 'instant' });
}

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link?.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.pathname.startsWith('/api/')) return;
  if (link.hash !== '' && link.pathname === location.pathname && link.search === location.search) return;
  // Another language is another page: its words come with it.
  if (!knows(languageOf(readRoute(link.pathname, link.search)))) return;
  // A page in a frame, or on a wall, stays what it is.
  if (route.value.page === 'embed' || route.value.page === 'screen') {
    link.target = '_blank';
    return;
  }
  event.preventDefault();
  navigate(link.pathname + link.search);
}
