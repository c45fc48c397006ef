/**
 * Pages whose code is loaded when somebody opens them, and is no part of what everybody loads. Whoever renders or takes
 * over a page that came rendered loads its code first: rendering itself does not wait.
 */
import type { FunctionComponent } from 'preact';
import type { Route } from './route.ts';

/** Pages that everybody may see, so that the server renders them; of some of them no more than a form. */
type PublicName =
  | 'sheet'
  | 'search'
  | 'corrections'
  | 'about'
  | 'past'
  | 'past-overview'
  | 'lineage'
  | 'compare'
  | 'receipt'
  | 'evening'
  | 'embed'
  | 'screen'
  | 'newsroom'
  | 'attempts';
export type LaterName = PublicName | 'sign-in' | 'board' | 'replay';
export type LaterRoute = Extract<Route, { readonly page: LaterName }>;
type PageOf<Name extends LaterName> = FunctionComponent<Extract<Route, { readonly page: Name }>>;
type Loads<Name extends LaterName> = { readonly [Each in Name]: () => Promise<PageOf<Each>> };

const ofPublic: Loads<PublicName> = {
  sheet: () => import('./pages/sheet.tsx').then(({ SheetPage }) => SheetPage),
  search: () => import('./pages/search.tsx').then(({ SearchPage }) => SearchPage),
  corrections: () => import('./pages/corrections.tsx').then(({ CorrectionsPage }) => CorrectionsPage),
  about: () => import('./pages/about.tsx').then(({ AboutPage }) => AboutPage),
  past: () => import('./pages/past.tsx').then(({ PastPage }) => PastPage),
  'past-overview': () => import('./pages/past-overview.tsx').then(({ PastOverviewPage }) => PastOverviewPage),
  lineage: () => import('./pages/lineage.tsx').then(({ LineagePage }) => LineagePage),
  compare: () => import('./pages/compare.tsx').then(({ ComparePage }) => ComparePage),
  receipt: () => import('./pages/receipt.tsx').then(({ ReceiptPage }) => ReceiptPage),
  evening: () => import('./pages/evening.tsx').then(({ EveningPage }) => EveningPage),
  embed: () => import('./pages/embed.tsx').then(({ EmbedPage }) => EmbedPage),
  screen: () => import('./pages/screen.tsx').then(({ ScreenPage }) => ScreenPage),
  newsroom: () => import('./pages/newsroom.tsx').then(({ NewsroomPage }) => NewsroomPage),
  attempts: () => import('./pages/attempts.tsx').then(({ AttemptsPage }) => AttemptsPage),
};

const all: Loads<LaterName> = {
  ...ofPublic,
  'sign-in': () => import('./pages/sign-in.tsx').then(({ SignInPage }) => SignInPage),
  replay: () => import('./pages/replay.tsx').then(({ ReplayPage }) => ReplayPage),
  board: () => import('./pages/board.tsx').then(({ BoardPage }) => BoardPage),
};

const loaded = new Map<LaterName, FunctionComponent<LaterRoute>>();

export function loadedPage(name: LaterName): FunctionComponent<LaterRoute> | undefined {
  return loaded.get(name);
}

/** Rejects where the code cannot be had, e.g. without a connection. */
export async function loadPage(name: LaterName): Promise<void> {
  loaded.set(name, (await all[name]()) as FunctionComponent<LaterRoute>);
}

export async function loadPublicPages(): Promise<void> {
  await Promise.all((Object.keys(ofPublic) as PublicName[]).map(loadPage));
}

export function isLater(route: Route): route is LaterRoute {
  return route.page in all;
}
