/** The pages as built: the document that all of them are put into, and what renders them. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PageSnapshot, RenderedPage, RenderPage } from '../web/rendering.ts';
import { type Copy, copyOf } from './copies/copy-of.ts';
import { documentOf, type PageAddress } from './document.ts';

export const BUILT_PAGES = Symbol('BUILT_PAGES');

export interface BuiltPages {
  /** Names the build: a page of another one is another page. */
  readonly id: string;
  /** What a page's content security policy has to allow: the style that lies in it, by its digest (CSP 3, `style-src`). */
  readonly styleSource: string;
  render(address: PageAddress, snapshot: PageSnapshot): string;
  /** A page that stands for itself, for any host of files. */
  copy(address: PageAddress, snapshot: PageSnapshot, copy: Copy): string;
  /** The document before anything is in it: the browser asks for all of it. */
  empty(address: PageAddress): string;
  /** The page that says that there is none, without anything to go on from. */
  missing(language: string): string;
}

/** `folder`: of the built files; the renderer lies beside the server that is built into the same `dist`. */
export async function openPages(folder: string): Promise<BuiltPages> {
  const { template, styles } = await withStyles(folder);
  const assets = await readdir(join(folder, 'assets'));
  const wordsFor = (language: string): string | undefined =>
    assets.find((name) => name.startsWith(`words-${language}-`) && name.endsWith('.js'));
  const module = pathToFileURL(resolve(folder, '../apps/pages/rendered/pages.js'));
  const { renderPage } = (await import(module.href)) as { renderPage: RenderPage };
  const nothing: PageSnapshot = { at: 0, answers: {} };
  const put = (address: PageAddress | null, page: RenderedPage, snapshot: PageSnapshot | null): string =>
    documentOf(template, address, page, snapshot, wordsFor(page.language));
  return {
    id: createHash('sha256').update(template).digest('base64url').slice(0, 12),
    styleSource: `'sha256-${createHash('sha256').update(styles).digest('base64')}'`,
    render: (address, snapshot) => put(address, renderPage({ ...address, snapshot }), snapshot),
    copy: (address, snapshot, copy) => copyOf(renderPage({ ...address, snapshot }), styles, copy),
    empty: ({ language, ...address }) => {
      const page: RenderedPage = { language, title: 'Tally', description: undefined, html: '' };
      return put({ language, ...address }, page, null);
    },
    missing: (language) => {
      const address = { language, site: '', path: `/${language}/-/-/-/-`, search: '' };
      return put(null, renderPage({ ...address, snapshot: nothing }), null);
    },
  };
}

/**
 * The built document with its styles in it instead of links to them: over a slow line a style that has to be asked for
 * shares it with the scripts, and nothing is painted before it is there.
 */
async function withStyles(folder: string): Promise<{ template: string; styles: string }> {
  const built = await readFile(join(folder, 'index.html'), 'utf8');
  const links = [...built.matchAll(/ *<link rel="stylesheet"[^>]* href="\/([^"]+\.css)"[^>]*>\n/g)];
  const files = await Promise.all(links.map(([, name]) => readFile(join(folder, name!), 'utf8')));
  const styles = files.join('\n').replaceAll('</', '<\\/');
  const bare = links.reduce((document, [link]) => document.replace(link, ''), built);
  return { template: bare.replace('</head>', () => `  <style>${styles}</style>\n  </head>`), styles };
}
