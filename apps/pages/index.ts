/** The web pages: rendered from the same answers that the API gives the public. */
export { type BuiltPages, openPages } from './built-pages.ts';
export { PagesModule } from './pages.module.ts';
