/**
 * Puts a rendered page into the built document. Nothing in it is a script but the build's own file: what the page goes
 * on from lies there as JSON, so the strict policy (`default-src 'self'`) holds.
 */
import { type PageSnapshot, type RenderedPage, SNAPSHOT_ID } from '../web/rendering.ts';
import { inLanguage } from '../web/route.ts';
import { UI_LANGUAGES } from '../web/text/languages.ts';

export interface PageAddress {
  readonly language: string;
  /** Where the pages are as the reader asked for them, without a slash at its end: what is told to others is whole. */
  readonly site: string;
  readonly path: string;
  readonly search: string;
  /** Path of the picture that stands for the page where its own address is shared. */
  readonly card?: string | undefined;
}

/** A contest in a frame or on a wall: in the language that its address asks for, and for no index. */
const FRAMED = /^\/(embed|screen)\//;

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

function addressesOf({ site, path, search, card }: PageAddress): string[] {
  const whole = (address: string): string => escapeHtml(site + address);
  const again = `<noscript><meta http-equiv="refresh" content="${ASK_AGAIN_S}" /></noscript>`;
  if (FRAMED.test(path)) return ['<meta name="robots" content="noindex" />', again];
  return [
    ...(card
      ? [property('og:image', site + card), property('og:image:width', '1200'), property('og:image:height', '630')]
      : []),
    `<link rel="canonical" href="${whole(path + search)}" />`,
    ...UI_LANGUAGES.map(
      (other) => `<link rel="alternate" hreflang="${other}" href="${whole(inLanguage(other, path, search))}" />`,
    ),
    again,
  ];
}

function property(name: string, content: string): string {
  return `<meta property="${name}" content="${escapeHtml(content)}" />`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
