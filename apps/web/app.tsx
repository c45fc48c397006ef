import { useEffect } from 'preact/hooks';
import { Later } from './components/later.tsx';
import { type LaterRoute } from './later-pages.ts';
import { ElectionsPage, StartPage } from './pages/elections.tsx';
import { MissingPage } from './pages/missing.tsx';
import { OverviewPage } from './pages/overview.tsx';
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

/** A page of another place is another page: its key says so, so that nothing of the one before is left in it. */
function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'start':
      return <StartPage />;
    case 'elections':
      return <ElectionsPage language={route.language} />;
    case 'overview':
      return <OverviewPage key={route.election} {...route} />;
    case 'unit': {
      const { election, unit, contest, track } = route;
      return <UnitPage key={JSON.stringify([election, unit, contest, track])} {...route} />;
    }
    case 'missing':
      return <MissingPage language={route.language} />;
    default:
      return <Later key={keyOf(route)} route={route} />;
  }
}

function keyOf(route: LaterRoute): string {
  const { page } = route;
  switch (page) {
    case 'sheet':
      return JSON.stringify([page, route.election, route.station, route.contest]);
    case 'past':
    case 'compare':
      // Moved to another position it stays the same page.
      return JSON.stringify([page, route.election, route.unit, route.contest, route.track]);
    case 'lineage':
      return JSON.stringify([page, route.election, route.unit, route.contest]);
    case 'board':
      return JSON.stringify([page, route.election, route.unit, route.contest]);
    case 'newsroom':
      return JSON.stringify([page, route.election, route.contest, route.level]);
    case 'evening':
      return JSON.stringify([page, route.election, route.station]);
    case 'past-overview':
    case 'search':
    case 'corrections':
    case 'about':
    case 'receipt':
    case 'attempts':
    case 'replay':
      return JSON.stringify([page, route.election]);
    case 'sign-in':
    case 'embed':
    case 'screen':
      return page;
  }
}
