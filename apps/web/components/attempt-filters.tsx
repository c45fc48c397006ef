import { ATTEMPT_FILTERS, type AttemptFilters as Filters, links } from '../route.ts';
import { navigate } from '../router.ts';
import { deskWords } from '../text/desk.ts';
import { useLocale } from '../text/locale.ts';

type Name = (typeof ATTEMPT_FILTERS)[number];
const FIRST: readonly Name[] = ['unit', 'contest', 'outcome', 'from', 'to'];
const OTHERS = ATTEMPT_FILTERS.filter((name) => !FIRST.includes(name));

interface AttemptFiltersProps {
  readonly election: string;
  readonly timezone: string;
  readonly filters: Filters;
}

/** What to search for. The form works without scripts: its answer is a page, and every search has an address. */
export function AttemptFilters({ election, timezone, filters }: AttemptFiltersProps) {
  const locale = useLocale();
  const { language } = locale;
  const words = deskWords(locale).attempts;
  const address = links.attempts(language, election);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const wanted = ATTEMPT_FILTERS.map((name) => [name, String(given.get(name) ?? '').trim() || undefined]);
    navigate(links.attempts(language, election, Object.fromEntries(wanted)));
  };
  return (
    <search>
      {/* Other filters are another form: an input keeps what was typed otherwise. */}
      <form key={JSON.stringify(filters)} class="filters" action={address} onSubmit={submit}>
        <div class="filter-fields">
          {FIRST.map((name) => (
            <Field key={name} name={name} value={filters[name]} />
          ))}
        </div>
        <p class="section-note">{words.timezone(timezone)}</p>
        <details open={OTHERS.some((name) => filters[name] !== undefined)}>
          <summary>{words.more}</summary>
          <div class="filter-fields">
            {OTHERS.map((name) => (
              <Field key={name} name={name} value={filters[name]} />
            ))}
          </div>
        </details>
        <div class="filter-acts">
          <button type="submit" class="button">
            {words.search}
          </button>
          <a href={address}>{words.clear}</a>
        </div>
      </form>
    </search>
  );
}

function Field({ name, value }: { name: Name; value: string | undefined }) {
  const words = deskWords(useLocale()).attempts;
  const options = useOptions(name);
  const id = `filter-${name}`;
  const common = { id, name, defaultValue: value };
  return (
    <div class="field">
      <label for={id}>{words.fields[name]}</label>
      {name === 'from' || name === 'to' ? (
        <input {...common} type="datetime-local" />
      ) : options ? (
        <select id={id} name={name}>
          <option value="">{words.any}</option>
          {Object.entries(options).map(([code, text]) => (
            <option key={code} value={code} selected={code === value}>
              {text}
            </option>
          ))}
        </select>
      ) : (
        <input {...common} type="text" maxLength={200} autocomplete="off" autocapitalize="none" spellcheck={false} />
      )}
    </div>
  );
}

/** What a filter can be, in words; undefined where it is typed. */
function useOptions(name: Name): Readonly<Record<string, string>> | undefined {
  const { history, t } = useLocale();
  switch (name) {
    case 'outcome':
      return { accepted: history.accepted, rejected: history.rejected };
    case 'type':
      return history.events;
    case 'cause':
      return history.causes;
    case 'via':
      return history.via;
    case 'status':
      return t.sheet.statusShort;
    default:
      return undefined;
  }
}
