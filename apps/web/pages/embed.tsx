/** `/embed/…`: a contest at a unit in a frame of another site. */
import { useEffect } from 'preact/hooks';
import { Framed } from '../components/framed.tsx';
import type { Route } from '../route.ts';
import { setTheme } from '../theme.ts';

export function EmbedPage({ language, election, unit, contest, theme, isInline }: Extract<Route, { page: 'embed' }>) {
  useEffect(() => {
    setTheme(theme);
    document.documentElement.classList.toggle('is-inline', isInline);
  }, [theme, isInline]);
  return (
    <div class="framed">
      <Framed
        language={language}
        election={election}
        unit={unit}
        contest={contest}
        widgets={['progress', 'candidates']}
      />
    </div>
  );
}
