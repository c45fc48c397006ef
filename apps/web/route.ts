/**
 * Addresses of the pages: `/{lang}/{election}` (overview), `/{lang}/{election}/{unit}?contest=…&track=…`,
 * `/{lang}/{election}/{station}/{contest}`, and `/{lang}/{election}/~search` and the like (no code begins with `~`);
 * `/{lang}/sign-in?to=…`; `/{lang}/{election}/~newsroom?contest=…&level=…`; for accounts `/{lang}/{election}/~board?unit=…&contest=…&state=…`.
 */
import type { Track } from '#domain';
import type { MinutesState } from '#wire';
import { isUiLanguage, type UiLanguage } from './text/languages.ts';

export type Route =
  | { readonly page: 'start' }
  | { readonly page: 'elections'; readonly language: UiLanguage }
  | { readonly page: 'overview'; readonly language: UiLanguage; readonly election: string }
  | { readonly page: 'search'; readonly language: UiLanguage; readonly election: string; readonly wanted: string }
  | { readonly page: 'corrections'; readonly language: UiLanguage; readonly election: string }
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

/** What the operations board shows. */
export interface BoardPlace {
  /** undefined: the root. */
  readonly unit: string | undefined;
  /** undefined: all of them. */
  readonly contest: string | undefined;
  readonly state: MinutesState;
}

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
  if (unit == null) return { page: 'overview', language, election };
  if (unit.startsWith('~'))
    return contest == null ? ownPage(unit, language, election, query) : { page: 'missing', language };
  if (contest != null) return { page: 'sheet', language, election, station: unit, contest };
  const track = query.get('track') ?? 'provisional';
  return {
    page: 'unit',
    language,
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
      return { page: 'corrections', language, election };
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
  overview: (language: UiLanguage, election: string): string => `/${language}/${encodeURIComponent(election)}`,
  search: (language: UiLanguage, election: string): string => `${links.overview(language, election)}/~search`,
  corrections: (language: UiLanguage, election: string): string => `${links.overview(language, election)}/~corrections`,
  correctionsFeed: (language: UiLanguage, election: string): string =>
    `${links.overview(language, election)}/~corrections.atom`,
  about: (language: UiLanguage, election: string): string => `${links.overview(language, election)}/~about`,
  unit(language: UiLanguage, election: string, unit: string, contest?: string, track: Track = 'provisional'): string {
    const query = new URLSearchParams();
    if (contest !== undefined) query.set('contest', contest);
    if (track !== 'provisional') query.set('track', track);
    const text = query.toString();
    return `/${language}/${encodeURIComponent(election)}/${encodeURIComponent(unit)}${text && `?${text}`}`;
  },
  signIn: (language: UiLanguage, to: string): string => `/${language}/sign-in?${new URLSearchParams({ to })}`,
  newsroom(language: UiLanguage, election: string, contest?: string, level?: string): string {
    const query = new URLSearchParams();
    if (contest !== undefined) query.set('contest', contest);
    if (level !== undefined) query.set('level', level);
    const text = query.toString();
    return `/${language}/${encodeURIComponent(election)}/~newsroom${text && `?${text}`}`;
  },
  board(
    language: UiLanguage,
    election: string,
    { unit, contest, state = 'missing' }: Partial<BoardPlace> = {},
  ): string {
    const query = new URLSearchParams();
    if (unit !== undefined) query.set('unit', unit);
    if (contest !== undefined) query.set('contest', contest);
    if (state !== 'missing') query.set('state', state);
    const text = query.toString();
    return `/${language}/${encodeURIComponent(election)}/~board${text && `?${text}`}`;
  },
  /** A unit's page as one file. */
  copy: (language: UiLanguage, election: string, unit: string, contest?: string): string =>
    `/copy${links.unit(language, election, unit, contest)}`,
  card(language: UiLanguage, election: string, unit: string, contest?: string): string {
    const query = contest === undefined ? '' : `?${new URLSearchParams({ contest })}`;
    return `/card/${[language, election, unit].map(encodeURIComponent).join('/')}.png${query}`;
  },
  sheet: (language: UiLanguage, election: string, station: string, contest: string): string =>
    `/${language}/${[election, station, contest].map(encodeURIComponent).join('/')}`,
};

/** The same page in another language. */
export function inLanguage(language: UiLanguage, path: string, search: string): string {
  const [, ...rest] = path.split('/').filter((part) => part !== '');
  return `/${[language, ...rest].join('/')}${search}`;
}
