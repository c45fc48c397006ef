import type { FoundUnitsAnswer } from '#wire';
import { ElectionPage } from '../components/election-page.tsx';
import { Failure } from '../components/failure.tsx';
import { addresses } from '../live/addresses.ts';
import { useAnswer } from '../live/use-answer.ts';
import { links } from '../route.ts';
import { navigate } from '../router.ts';
import type { Locale, UiLanguage } from '../text/locale.ts';

interface SearchPageProps {
  readonly language: UiLanguage;
  readonly election: string;
  readonly wanted: string;
}

/** Finds an area by name or code. The form works without scripts: its answer is a page. */
export function SearchPage({ language, election: id, wanted }: SearchPageProps) {
  const { answer, failure } = useAnswer<FoundUnitsAnswer>(wanted.trim() === '' ? null : addresses.units(id, wanted));
  const address = links.search(language, id);
  return (
    <ElectionPage language={language} election={id} title={({ pages }) => pages.search}>
      {(locale) => (
        <>
          <search>
            <form
              class="search"
              action={address}
              onSubmit={(event) => {
                event.preventDefault();
                const q = String(new FormData(event.currentTarget).get('q') ?? '');
                navigate(`${address}?q=${encodeURIComponent(q)}`);
              }}
            >
              <label for="q">{locale.pages.searchLabel}</label>
              <div class="search-row">
                <input
                  id="q"
                  name="q"
                  type="search"
                  defaultValue={wanted}
                  maxLength={100}
                  autocomplete="off"
                  aria-describedby="search-hint"
                />
                <button type="submit" class="solid-button">
                  {locale.pages.searchButton}
                </button>
              </div>
              <p id="search-hint" class="section-note">
                {locale.pages.searchHint}
              </p>
            </form>
          </search>
          {failure && !answer && <Failure failure={failure} />}
          {answer && <Found answer={answer} locale={locale} />}
        </>
      )}
    </ElectionPage>
  );
}

function Found({ answer, locale }: { answer: FoundUnitsAnswer; locale: Locale }) {
  const { pages, language, nameOf } = locale;
  return (
    <section aria-live="polite">
      <p class="search-count">{pages.found(answer.found.length, answer.total)}</p>
      <ul class="found">
        {answer.found.map((unit) => (
          <li key={unit.code}>
            <a href={links.unit(language, answer.election, unit.code)}>{nameOf(unit)}</a>
            <span class="unit-code">{[unit.code, ...unit.path.slice(1).reverse().map(nameOf)].join(' · ')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
