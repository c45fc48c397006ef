/** The pages as built: the document that all of them are put into, and what renders them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PageSnapshot, RenderedPage, RenderPage } from '../web/rendering.ts';
import { documentOf, type PageAddress } from './document.ts';

export const BUILT_PAGES = Symbol('BUILT_PAGES');

export interface BuiltPages {
  /** Names the build: a page of another one is another page. */
  readonly id: string;
  render(address: PageAddress, snapshot: PageSnapshot): string;
  /** The document before anything is in it: the browser asks for all of it. */
  empty(address: PageAddress): string;
  /** The page that says that there is none, without anything to go on from. */
  missing(language: string): string;
}

/** `folder`: of the built files; the renderer lies beside the server that is built into the same `dist`. */
export async function openPages(folder: string): Promise<BuiltPages> {
  const template = await readFile(join(folder, 'index.html'), 'utf8');
  const module = pathToFileURL(resolve(folder, '../apps/pages/rendered/pages.js'));
  const { renderPage } = (await import(module.href)) as { renderPage: RenderPage };
  const nothing: PageSnapshot = { at: 0, answers: {} };
  return {
    id: createHash('sha256').update(template).digest('base64url').slice(0, 12),
    render: (address, snapshot) => documentOf(template, address, renderPage({ ...address, snapshot }), snapshot),
    empty: ({ language, ...address }) => {
      const page: RenderedPage = { language, title: 'Tally', description: undefined, html: '' };
      return documentOf(template, { language, ...address }, page, null);
    },
    missing: (language) => {
      const address = { language, path: `/${language}/-/-/-/-`, search: '' };
      return documentOf(template, null, renderPage({ ...address, snapshot: nothing }), null);
    },
  };
}
