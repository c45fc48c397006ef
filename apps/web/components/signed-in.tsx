import { useEffect, useState } from 'preact/hooks';
import type { UnitAnswer } from '#wire';
import { addresses } from '../live/addresses.ts';
import { getJson } from '../live/http.ts';
import { account, signOut } from '../live/session.ts';
import { links } from '../route.ts';
import { route } from '../router.ts';
import { useLocale } from '../text/locale.ts';

/** In the head of every page: who is signed in, with what role and where; nothing for the public. */
export function SignedIn() {
  const { t, history, nameOf, language } = useLocale();
  const now = account.value;
  const place = route.value;
  const election = 'election' in place ? place.election : undefined;
  const unit = useUnit(election, now?.unit ?? undefined);
  if (!now) return null;
  const area = unit ? nameOf(unit) : (now.unit ?? undefined);
  const leave = (): void => {
    signOut().then(
      () => location.reload(),
      () => location.reload(),
    );
  };
  return (
    <div class="signed-in">
      <span class="signed-in-as">{t.session.as(history.roles[now.role], area)}</span>
      {election !== undefined && (
        <a href={links.board(language, election, now.unit === null ? {} : { unit: now.unit })}>{t.session.board}</a>
      )}
      {election !== undefined && now.role === 'manager' && (now.unit === null || unit?.path.length === 0) && (
        <a href={links.replay(language, election)}>{t.session.replay}</a>
      )}
      <button type="button" class="link" onClick={leave}>
        {t.session.signOut}
      </button>
    </div>
  );
}

function useUnit(election: string | undefined, code: string | undefined): UnitAnswer | undefined {
  const [unit, setUnit] = useState<UnitAnswer>();
  useEffect(() => {
    setUnit(undefined);
    if (election === undefined || code === undefined) return;
    // An account of another election has no such unit here: its code is shown then.
    getJson<UnitAnswer>(addresses.unit(election, code)).then(setUnit, () => setUnit(undefined));
  }, [election, code]);
  return unit;
}
