import './styles/index.css';
import { hydrate, render } from 'preact';
import { App } from './app.tsx';
import { isLater, loadPage } from './later-pages.ts';
import { give } from './live/http.ts';
import { hasSignedIn, readSession } from './live/session.ts';
import { startWatching } from './live/watching.ts';
import { type PageSnapshot, SNAPSHOT_ID } from './rendering.ts';
import { languageOf } from './route.ts';
import { route, startRouter } from './router.ts';
import { loadWords } from './text/load-words.ts';

/** An older page (of a cache, or come back to) shows what it has, and asks. */
const FRESH_MS = 10_000;

function takeSnapshot(): boolean {
  const text = document.getElementById(SNAPSHOT_ID)?.textContent;
  if (!text) return false;
  const { at, answers } = JSON.parse(text) as PageSnapshot;
  give(answers, Math.abs(Date.now() - at) < FRESH_MS && !hasSignedIn());
  return true;
}

const root = document.getElementById('app')!;
const isRendered = takeSnapshot();
startRouter();
startWatching();
void readSession();
// What came rendered stays as it is until its words and its code are there, and where they cannot be had; its links lead on.
const { value: first } = route;
void Promise.all([loadWords(languageOf(first)), isRendered && isLater(first) && loadPage(first.page)]).then(begin);

function begin(): void {
  if (isRendered) hydrate(<App />, root);
  else {
    root.replaceChildren();
    render(<App />, root);
  }
  document.documentElement.classList.remove('is-still');
}
