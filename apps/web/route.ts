/**
 * Addresses of the pages: `/{lang}/{election}` (overview), `/{lang}/{election}/{unit}?contest=…&track=…`,
 * `/{lang}/{election}/{station}/{contest}`, and `/{lang}/{election}/~search` and the like (no code begins with `~`);
 * `/{lang}/sign-in?to=…`; `/{lang}/{election}/~newsroom?contest=…&level=…`; for accounts `/{lang}/{election}/~board?unit=…&contest=…&state=…`
 * and `…/~attempts?unit=…&outcome=…`, for managers `…/~replay`.
 * The audit of results: `…/{election}?at=…`, `…/{unit}?at=…` and `…/{station}/{contest}?at=…` (as it was), `…/~lineage`,
 * `…/~compare`, `…/~receipt` and `…/~evening`.
 */
import type { Track } from '#domain';
import type { MinutesState } from '#wire';
import { isUiLanguage, type UiLanguage } from './text/languages.ts';

export type Route =
  | { readonly page: 'start' }
  | { readonly page: 'elections'; readonly language: UiLanguage }
  | { readonly page: 'overview'; readonly language: UiLanguage; readonly election: string }
  | { readonly page: 'past-overview'; readonly language: UiLanguage; readonly election: string; readonly at: string }
  | { readonly page: 'search'; readonly language: UiLanguage; readonly election: string; readonly wanted: string }
  | {
      readonly page: 'corrections';
      readonly language: UiLanguage;
      readonly election: string;
      readonly at: string | undefined;
    }
  | { readonly page: 'about'; readonly language: UiLanguage; readonly election: string }
  | {
      readonly page: 'unit';
      readonly language: UiLanguage;
      readonly election: string;
      readonly unit: string;
      /** undefined: the first at the unit. */
      readonly contest: string | undefined;
      readonly track: Track;
    }
  | ({ readonly page: 'past'; readonly language: UiLanguage; readonly at: string } & NodePlace)
  | ({ readonly page: 'lineage'; readonly language: UiLanguage } & NodePlace & LineagePlace)
  | ({ readonly page: 'compare'; readonly language: UiLanguage } & NodePlace & ComparedPlace)
  | { readonly page: 'receipt'; readonly language: UiLanguage; readonly election: string; readonly id: string }
  | { readonly page: 'evening'; readonly language: UiLanguage; readonly election: string; readonly station: string }
  | {
      readonly page: 'sheet';
      readonly language: UiLanguage;
      readonly election: string;
      readonly station: string;
      readonly contest: string;
    }
  | {
      readonly page: 'newsroom';
      readonly language: UiLanguage;
      readonly election: string;
      /** undefined: the first. */
      readonly contest: string | undefined;
      /** undefined: the one below the root. */
      readonly level: string | undefined;
    }
  | {
      readonly page: 'embed';
      readonly language: UiLanguage;
      readonly election: string;
      readonly unit: string | undefined;
      readonly contest: string | undefined;
      readonly theme: Theme | undefined;
      /** Without a ground and margins of its own. */
      readonly isInline: boolean;
    }
  | {
      readonly page: 'screen';
      readonly language: UiLanguage;
      readonly election: string;
      readonly theme: Theme | undefined;
      readonly slides: readonly Slide[];
      readonly everySeconds: number;
    }
  | { readonly page: 'sign-in'; readonly language: UiLanguage; readonly to: string | undefined }
  | ({ readonly page: 'board'; readonly language: UiLanguage; readonly election: string } & BoardPlace)
  | {
      readonly page: 'attempts';
      readonly language: UiLanguage;
      readonly election: string;
      readonly filters: AttemptFilters;
    }
  | { readonly page: 'replay'; readonly language: UiLanguage; readonly election: string }
  | { readonly page: 'missing'; readonly language: UiLanguage };

export type Theme = 'light' | 'dark';
export const WIDGETS = ['progress', 'timeline', 'candidates', 'children'] as const;
export type Widget = (typeof WIDGETS)[number];

/** What a wall screen shows at a time: a contest at a unit, by some widgets. */
export interface Slide {
  readonly widgets: readonly Widget[];
  readonly unit: string | undefined;
  readonly contest: string | undefined;
}

/** A contest at a unit, in a track. */
export interface NodePlace {
  readonly election: string;
  readonly unit: string;
  /** undefined: the first at the unit. */
  readonly contest: string | undefined;
  readonly track: Track;
}

/** Which figure's lineage. */
export interface LineagePlace {
  /** `votes.<number>` or `field.<id>`; undefined: the first candidate's votes. */
  readonly key: string | undefined;
  /** A position or a time; undefined: now. */
  readonly at: string | undefined;
  /** Whether all sheets stand in one list, also where there are areas between. */
  readonly isWhole: boolean;
}

/** The two positions or times that are compared; undefined: the beginning, and now. */
export interface ComparedPlace {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What the operations board shows. */
export interface BoardPlace {
  /** undefined: the root. */
  readonly unit: string | undefined;
  /** undefined: all of them. */
  readonly contest: string | undefined;
  readonly state: MinutesState;
}

/** What attempts are searched by; times are those of a clock on the wall there, `2021-05-23T21:00`. */
export const ATTEMPT_FILTERS = [
  'unit',
  'contest',
  'outcome',
  'from',
  'to',
  'type',
  'status',
  'rule',
  'cause',
  'via',
  'actor',
  'device',
] as const;
export type AttemptFilters = Readonly<Partial<Record<(typeof ATTEMPT_FILTERS)[number], string>>>;

export const MINUTES_STATES: readonly MinutesState[] = [
  'missing',
  'late',
  'held',
  'disputed',
  'awaiting',
  'returned',
  'sealed',
  'annulled',
  'closed',
];
const TRACKS: readonly string[] = ['provisional', 'verified', 'all'];

export function readRoute(path: string, search: string): Route {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const [language, election, unit, contest, ...more] = parts;
  if (language === undefined) return { page: 'start' };
  const framed = framedRoute(parts, new URLSearchParams(search));
  if (framed) return framed;
  if (language === null || !isUiLanguage(language)) return { page: 'missing', language: 'vi' };
  if (more.length > 0 || parts.includes(null)) return { page: 'missing', language };
  if (election == null) return { page: 'elections', language };
  const query = new URLSearchParams(search);
  if (election === 'sign-in' && unit == null) return { page: 'sign-in', language, to: localPath(query.get('to')) };
  const at = query.get('at') ?? undefined;
  if (unit == null)
    return at === undefined
      ? { page: 'overview', language, election }
      : { page: 'past-overview', language, election, at };
  if (unit.startsWith('~'))
    return contest == null ? ownPage(unit, language, election, query) : { page: 'missing', language };
  if (contest != null && at === undefined) return { page: 'sheet', language, election, station: unit, contest };
  const place = nodePlace(election, unit, query);
  if (at === undefined) return { page: 'unit', language, ...place };
  return { page: 'past', language, ...place, contest: contest ?? place.contest, at };
}

function nodePlace(election: string, unit: string, query: URLSearchParams): NodePlace {
  const track = query.get('track') ?? 'provisional';
  return {
    election,
    unit,
    contest: query.get('contest') ?? undefined,
    track: TRACKS.includes(track) ? (track as Track) : 'provisional',
  };
}

const EVERY_SECONDS = 20;

/** `/embed/{election}/{unit}?contest&theme&lang&inline` and `/screen/{election}?show=WIDGETS:UNIT/CONTEST;…&every&theme&lang`. */
function framedRoute(parts: readonly (string | null)[], query: URLSearchParams): Route | null {
  const [page, election, unit, ...more] = parts;
  if ((page !== 'embed' && page !== 'screen') || election == null || unit === null || more.length > 0) return null;
  const asked = query.get('lang') ?? undefined;
  const language = isUiLanguage(asked) ? asked : 'vi';
  const theme = query.get('theme');
  const common = { language, election, theme: theme === 'light' || theme === 'dark' ? theme : undefined } as const;
  if (page === 'embed')
    return { page, ...common, unit, contest: query.get('contest') ?? undefined, isInline: query.has('inline') };
  const slides = (query.get('show') ?? '').split(';').filter(Boolean).map(readSlide);
  const every = Number(query.get('every'));
  const everySeconds = every >= 5 && every <= 3_600 ? every : EVERY_SECONDS;
  return { page, ...common, slides: slides.length > 0 ? slides : [readSlide('')], everySeconds };
}

/** `progress+candidates:UNIT/CONTEST`; what is left out is these two widgets, the root, its first contest. */
function readSlide(text: string): Slide {
  const [widgets = '', place = ''] = text.includes(':') ? text.split(':', 2) : ['', text];
  const [unit, contest] = place.split('/', 2);
  // A `+` in an address is read as a blank.
  const wanted = widgets.split(/[+ ]/);
  const known = WIDGETS.filter((name) => wanted.includes(name));
  return {
    widgets: known.length > 0 ? known : ['progress', 'candidates'],
    unit: unit || undefined,
    contest: contest || undefined,
  };
}

function ownPage(name: string, language: UiLanguage, election: string, query: URLSearchParams): Route {
  switch (name) {
    case '~search':
      return { page: 'search', language, election, wanted: query.get('q') ?? '' };
    case '~corrections':
      return { page: 'corrections', language, election, at: query.get('at') ?? undefined };
    case '~about':
      return { page: 'about', language, election };
    case '~newsroom':
      return {
        page: 'newsroom',
        language,
        election,
        contest: query.get('contest') ?? undefined,
        level: query.get('level') ?? undefined,
      };
    case '~board':
      return { page: 'board', language, election, ...boardPlace(query) };
    case '~replay':
      return { page: 'replay', language, election };
    case '~attempts': {
      const given = ATTEMPT_FILTERS.map((name) => [name, query.get(name)?.trim() || undefined]);
      return { page: 'attempts', language, election, filters: Object.fromEntries(given) as AttemptFilters };
    }
    case '~receipt':
      return { page: 'receipt', language, election, id: query.get('id') ?? '' };
    case '~evening': {
      const station = query.get('station');
      return station === null ? { page: 'missing', language } : { page: 'evening', language, election, station };
    }
    case '~lineage':
    case '~compare': {
      const unit = query.get('unit');
      if (unit === null) return { page: 'missing', language };
      const node = nodePlace(election, unit, query);
      const given = (name: string): string | undefined => query.get(name) ?? undefined;
      return name === '~lineage'
        ? { page: 'lineage', language, ...node, key: given('key'), at: given('at'), isWhole: query.has('all') }
        : { page: 'compare', language, ...node, from: given('from'), to: given('to') };
    }
    default:
      return { page: 'missing', language };
  }
}

/** Where pages that had no `~` before are now, asked for by the unit's code that no unit has. */
export function movedPage(path: string, search: string): string | undefined {
  const [, before, name] = /^(\/[^/]+\/[^/]+)\/(newsroom|board)\/?$/.exec(path) ?? [];
  return name && `${before}/~${name}${search}`;
}

export function languageOf(route: Route): UiLanguage {
  return route.page === 'start' ? 'vi' : route.language;
}

/** Where to go on to: a page of this server, or nowhere. */
function localPath(path: string | null): string | undefined {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : undefined;
}

function boardPlace(query: URLSearchParams): BoardPlace {
  const state = query.get('state') as MinutesState;
  return {
    unit: query.get('unit') ?? undefined,
    contest: query.get('contest') ?? undefined,
    state: MINUTES_STATES.includes(state) ? state : 'missing',
  };
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

export const links = {
  elections: (language: UiLanguage): string => `/${language}`,
  overview: (language: UiLanguage, election: string, at?: string): string =>
    withQuery(`/${language}/${encodeURIComponent(election)}`, { at }),
  search: (language: UiLanguage, election: string): string => `${links.overview(language, election)}/~search`,
  corrections: (language: UiLanguage, election: string, at?: string): string =>
    withQuery(`${links.overview(language, election)}/~corrections`, { at }),
  correctionsFeed: (language: UiLanguage, election: string): string =>
    `${links.overview(language, election)}/~corrections.atom`,
  about: (language: UiLanguage, election: string): string => `${links.overview(language, election)}/~about`,
  unit: (language: UiLanguage, election: string, unit: string, contest?: string, track?: Track, at?: string): string =>
    withQuery(`${links.overview(language, election)}/${encodeURIComponent(unit)}`, {
      contest,
      track: notDefault(track),
      at,
    }),
  lineage: (
    language: UiLanguage,
    election: string,
    unit: string,
    contest?: string,
    track?: Track,
    { key, at, isWhole = false }: Partial<LineagePlace> = {},
  ): string =>
    withQuery(`${links.overview(language, election)}/~lineage`, {
      unit,
      contest,
      track: notDefault(track),
      key,
      at,
      all: isWhole ? '' : undefined,
    }),
  compare: (
    language: UiLanguage,
    election: string,
    unit: string,
    contest?: string,
    track?: Track,
    { from, to }: Partial<ComparedPlace> = {},
  ): string =>
    withQuery(`${links.overview(language, election)}/~compare`, { unit, contest, track: notDefault(track), from, to }),
  receipt: (language: UiLanguage, election: string, id?: string): string =>
    withQuery(`${links.overview(language, election)}/~receipt`, { id }),
  evening: (language: UiLanguage, election: string, station: string): string =>
    withQuery(`${links.overview(language, election)}/~evening`, { station }),
  signIn: (language: UiLanguage, to: string): string => `/${language}/sign-in?${new URLSearchParams({ to })}`,
  newsroom: (language: UiLanguage, election: string, contest?: string, level?: string): string =>
    withQuery(`${links.overview(language, election)}/~newsroom`, { contest, level }),
  board: (language: UiLanguage, election: string, { unit, contest, state }: Partial<BoardPlace> = {}): string =>
    withQuery(`${links.overview(language, election)}/~board`, {
      unit,
      contest,
      state: state === 'missing' ? undefined : state,
    }),
  replay: (language: UiLanguage, election: string): string => `${links.overview(language, election)}/~replay`,
  attempts: (language: UiLanguage, election: string, filters: AttemptFilters = {}): string =>
    withQuery(
      `${links.overview(language, election)}/~attempts`,
      Object.fromEntries(ATTEMPT_FILTERS.map((name) => [name, filters[name]])),
    ),
  /** A unit's page as one file. */
  copy: (language: UiLanguage, election: string, unit: string, contest?: string): string =>
    `/copy${links.unit(language, election, unit, contest)}`,
  card: (language: UiLanguage, election: string, unit: string, contest?: string): string =>
    withQuery(`/card/${[language, election, unit].map(encodeURIComponent).join('/')}.png`, { contest }),
  sheet: (language: UiLanguage, election: string, station: string, contest: string): string =>
    `/${language}/${[election, station, contest].map(encodeURIComponent).join('/')}`,
};

/** Positions stay legible: `0:12,1:7`. */
function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [value === '' ? name : `${name}=${encodeURIComponent(value).replace(/%3A/g, ':').replace(/%2C/g, ',')}`],
  );
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}

function notDefault(track: Track | undefined): Track | undefined {
  return track === 'provisional' ? undefined : track;
}

/** The same page in another language. */
export function inLanguage(language: UiLanguage, path: string, search: string): string {
  const [, ...rest] = path.split('/').filter((part) => part !== '');
  return `/${[language, ...rest].join('/')}${search}`;
}
