/** The pages on the server: the same components, rendered once from a snapshot. Built by vite.server.config.ts. */
import { renderToString } from 'preact-render-to-string';
import { App } from './app.tsx';
import { withPageHead } from './head.ts';
import { loadPublicPages } from './later-pages.ts';
import { give } from './live/http.ts';
import type { RenderPage } from './rendering.ts';
import { languageOf } from './route.ts';
import { place, route } from './router.ts';
import { know } from './text/words.ts';
import { words as wordsEn } from './text/words-en.ts';
import { words as wordsVi } from './text/words-vi.ts';

know('en', wordsEn);
know('vi', wordsVi);

// Rendering does not wait: all that may be rendered is loaded before.
await loadPublicPages();

export const renderPage: RenderPage = ({ path, search, snapshot }) => {
  give(snapshot.answers, false);
  place.value = { path, search };
  const { head, html } = withPageHead(() => renderToString(<App />));
  return { language: languageOf(route.value), title: head.title, description: head.description, html };
};
