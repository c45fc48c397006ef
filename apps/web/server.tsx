/** The pages on the server: the same components, rendered once from a snapshot. Built into one file by vite.server.config.ts. */
import { renderToString } from 'preact-render-to-string';
import { App } from './app.tsx';
import { lastPageHead } from './head.ts';
import { give } from './live/http.ts';
import type { RenderPage } from './rendering.ts';
import { languageOf } from './route.ts';
import { place, route } from './router.ts';
import { know } from './text/words.ts';
import { words as wordsEn } from './text/words-en.ts';
import { words as wordsVi } from './text/words-vi.ts';

know('en', wordsEn);
know('vi', wordsVi);

export const renderPage: RenderPage = ({ path, search, snapshot }) => {
  give(snapshot.answers, false);
  place.value = { path, search };
  const html = renderToString(<App />);
  const { title, description } = lastPageHead();
  return { language: languageOf(route.value), title, description, html };
};
