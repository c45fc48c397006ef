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
  const template = await readFile(join(folder, 'index.html'), 'utf8');
  const assets = await readdir(join(folder, 'assets'));
  const wordsFor = (language: string): string | undefined =>
    assets.find((name) => name.startsWith(`words-${language}-`) && name.endsWith('.js'));
  const module = pathToFileURL(resolve(folder, '../apps/pages/rendered/pages.js'));
  const { renderPage } = (await import(module.href)) as { renderPage: RenderPage };
  const styles = await stylesOf(template, folder);
  const nothing: PageSnapshot = { at: 0, answers: {} };
  const put = (address: PageAddress | null, page: RenderedPage, snapshot: PageSnapshot | null): string =>
    documentOf(template, address, page, snapshot, wordsFor(page.language));
  return {
    id: createHash('sha256').update(template).digest('base64url').slice(0, 12),
    render: (address, snapshot) => put(address, renderPage({ ...address, snapshot }), snapshot),
    copy: (address, snapshot, copy) => copyOf(renderPage({ ...address, snapshot }), styles, copy),
    empty: ({ language, ...address }) => {
      const page: RenderedPage = { language, title: 'Tally', description: undefined, html: '' };
      return put({ language, ...address }, page, null);
    },
    missing: (language) => {
      const address = { language, path: `/${language}/-/-/-/-`, search: '' };
      return put(null, renderPage({ ...address, snapshot: nothing }), null);
    },
  };
}

/** What the built document links to, in one. */
async function stylesOf(template: string, folder: string): Promise<string> {
  const files = [...template.matchAll(/<link rel="stylesheet"[^>]* href="\/([^"]+\.css)"/g)].map(([, name]) => name!);
  return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}
