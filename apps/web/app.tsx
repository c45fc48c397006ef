import { useEffect } from 'preact/hooks';
import { Later } from './components/later.tsx';
import { AboutPage } from './pages/about.tsx';
import { CorrectionsPage } from './pages/corrections.tsx';
import { ElectionsPage, StartPage } from './pages/elections.tsx';
import { MissingPage } from './pages/missing.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { SearchPage } from './pages/search.tsx';
import { SheetPage } from './pages/sheet.tsx';
import { UnitPage } from './pages/unit.tsx';
import { languageOf, type Route } from './route.ts';
import { route } from './router.ts';

export function App() {
  const now = route.value;
  const language = languageOf(now);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <Page route={now} />;
}

/** For those who work with figures or have an account: no part of what everybody loads. */
const loadEmbed = () => import('./pages/embed.tsx').then(({ EmbedPage }) => EmbedPage);
const loadScreen = () => import('./pages/screen.tsx').then(({ ScreenPage }) => ScreenPage);
const loadNewsroom = () => import('./pages/newsroom.tsx').then(({ NewsroomPage }) => NewsroomPage);
const loadSignIn = () => import('./pages/sign-in.tsx').then(({ SignInPage }) => SignInPage);
const loadBoard = () => import('./pages/board.tsx').then(({ BoardPage }) => BoardPage);

/** A page of another place is another page: its key says so, so that nothing of the one before is left in it. */
function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'start':
      return <StartPage />;
    case 'elections':
      return <ElectionsPage language={route.language} />;
    case 'overview':
      return <OverviewPage key={route.election} {...route} />;
    case 'search':
      return <SearchPage key={route.election} {...route} />;
    case 'corrections':
      return <CorrectionsPage key={route.election} {...route} />;
    case 'about':
      return <AboutPage key={route.election} {...route} />;
    case 'unit': {
      const { election, unit, contest, track } = route;
      return <UnitPage key={JSON.stringify([election, unit, contest, track])} {...route} />;
    }
    case 'sheet': {
      const { election, station, contest } = route;
      return <SheetPage key={JSON.stringify([election, station, contest])} {...route} />;
    }
    case 'sign-in':
      return <Later load={loadSignIn} language={route.language} to={route.to} />;
    case 'board': {
      const { election, unit, contest } = route;
      return <Later load={loadBoard} key={JSON.stringify([election, unit, contest])} {...route} />;
    }
    case 'newsroom': {
      const { election, contest, level } = route;
      return <Later load={loadNewsroom} key={JSON.stringify([election, contest, level])} {...route} />;
    }
    case 'embed':
      return <Later load={loadEmbed} {...route} />;
    case 'screen':
      return <Later load={loadScreen} {...route} />;
    case 'missing':
      return <MissingPage language={route.language} />;
  }
}
