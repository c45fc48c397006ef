/**
 * Puts a rendered page into the built document. Nothing in it is a script but the build's own file: what the page goes
 * on from lies there as JSON, so the strict policy (`default-src 'self'`) holds.
 */
import { type PageSnapshot, type RenderedPage, SNAPSHOT_ID } from '../web/rendering.ts';
import { inLanguage } from '../web/route.ts';
import { UI_LANGUAGES } from '../web/text/languages.ts';

export interface PageAddress {
  readonly language: string;
  readonly path: string;
  readonly search: string;
  /** Address of the picture that stands for the page where its own is shared, with the server's own before it. */
  readonly card?: string | undefined;
}

/** Without scripts a page is asked for again by itself, in seconds. */
const ASK_AGAIN_S = 60;

/**
 * `address`: null where the page has none of its own. `snapshot`: null where the browser has to ask for everything.
 * `words`: the file of the page's language.
 */
export function documentOf(
  template: string,
  address: PageAddress | null,
  page: RenderedPage,
  snapshot: PageSnapshot | null,
  words: string | undefined,
): string {
  const json = snapshot && JSON.stringify(snapshot).replaceAll('<', '\\u003c');
  return template
    .replace('<html lang="vi">', () => `<html lang="${page.language}" class="is-still">`)
    .replace('<title>Tally</title>', () => `<title>${escapeHtml(page.title)}</title>`)
    .replace('<!--head-->', () => headOf(address, page, words))
    .replace('<!--page-->', () => page.html)
    .replace('<!--snapshot-->', () =>
      json ? `<script type="application/json" id="${SNAPSHOT_ID}">${json}</script>` : '',
    );
}

function headOf(
  address: PageAddress | null,
  { title, description, language }: RenderedPage,
  words: string | undefined,
): string {
  const lines = [
    ...(words ? [`<link rel="modulepreload" href="/assets/${words}" />`] : []),
    property('og:type', 'website'),
    property('og:site_name', 'Tally'),
    property('og:title', title),
    property('og:locale', language === 'vi' ? 'vi_VN' : 'en_GB'),
    `<meta name="twitter:card" content="${address?.card ? 'summary_large_image' : 'summary'}" />`,
  ];
  if (description) lines.push(`<meta name="description" content="${escapeHtml(description)}" />`);
  if (description) lines.push(property('og:description', description));
  if (address) lines.push(...addressesOf(address));
  return lines.join('\n    ');
}

function addressesOf({ path, search, card }: PageAddress): string[] {
  return [
    ...(card
      ? [property('og:image', card), property('og:image:width', '1200'), property('og:image:height', '630')]
      : []),
    `<link rel="canonical" href="${escapeHtml(path + search)}" />`,
    ...UI_LANGUAGES.map(
      (other) => `<link rel="alternate" hreflang="${other}" href="${escapeHtml(inLanguage(other, path, search))}" />`,
    ),
    `<noscript><meta http-equiv="refresh" content="${ASK_AGAIN_S}" /></noscript>`,
  ];
}

function property(name: string, content: string): string {
  return `<meta property="${name}" content="${escapeHtml(content)}" />`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
