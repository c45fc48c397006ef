/**
 * A page as one file that needs nothing else: no script, no font, no request. For any host of files, where the server
 * cannot be reached or is not to be asked. It says that it is a copy, and of when.
 */
import type { RenderedPage } from '../../web/rendering.ts';
import { escapeHtml } from '../document.ts';

export interface Copy {
  /** Where the page is that it is a copy of; its links go there. */
  readonly site: string;
  /** With the query. */
  readonly path: string;
  /** What a reader is told first. */
  readonly title: string;
  readonly text: string;
}

/** Nothing but what is in the file. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function copyOf({ language, title, html }: RenderedPage, styles: string, copy: Copy): string {
  const address = escapeHtml(copy.site + copy.path);
  return `<!doctype html>
<html lang="${language}" class="is-still is-copy">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <link rel="canonical" href="${address}" />
    <title>${escapeHtml(`${copy.title}: ${title}`)}</title>
    <style>${withoutFonts(styles)}</style>
  </head>
  <body>
    <p class="copy-banner" role="note"><strong>${escapeHtml(copy.title)}.</strong> ${escapeHtml(copy.text)} <a href="${address}">${address}</a></p>
    <div id="app">${linkedTo(html, copy.site)}</div>
  </body>
</html>
`;
}

/** Fonts are files of their own. */
function withoutFonts(styles: string): string {
  return styles.replace(/@font-face\s*\{[^}]*\}/g, '');
}

/** Addresses of the server, which this file does not lie on. */
function linkedTo(html: string, site: string): string {
  return html.replace(/ (href|action)="\/(?!\/)/g, (_, name) => ` ${name}="${escapeHtml(site)}/`);
}
