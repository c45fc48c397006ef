/** Addresses of the pages: `/{lang}/{election}/{unit}?contest=…&track=…` and `/{lang}/{election}/{station}/{contest}`. */
import type { Track } from '#domain';
import { isUiLanguage, type UiLanguage } from './text/languages.ts';

export type Route =
  | { readonly page: 'start' }
  | { readonly page: 'elections'; readonly language: UiLanguage }
  | {
      readonly page: 'unit';
      readonly language: UiLanguage;
      readonly election: string;
      /** undefined: the root. */
      readonly unit: string | undefined;
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
  | { readonly page: 'missing'; readonly language: UiLanguage };

const TRACKS: readonly string[] = ['provisional', 'verified', 'all'];

export function readRoute(path: string, search: string): Route {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const [language, election, unit, contest, ...more] = parts;
  if (language === undefined) return { page: 'start' };
  if (language === null || !isUiLanguage(language)) return { page: 'missing', language: 'vi' };
  if (more.length > 0 || parts.includes(null)) return { page: 'missing', language };
  if (election == null) return { page: 'elections', language };
  if (unit != null && contest != null) return { page: 'sheet', language, election, station: unit, contest };
  const query = new URLSearchParams(search);
  const track = query.get('track') ?? 'provisional';
  return {
    page: 'unit',
    language,
    election,
    unit: unit ?? undefined,
    contest: query.get('contest') ?? undefined,
    track: TRACKS.includes(track) ? (track as Track) : 'provisional',
  };
}

export function languageOf(route: Route): UiLanguage {
  return route.page === 'start' ? 'vi' : route.language;
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
  unit(language: UiLanguage, election: string, unit: string, contest?: string, track: Track = 'provisional'): string {
    const query = new URLSearchParams();
    if (contest !== undefined) query.set('contest', contest);
    if (track !== 'provisional') query.set('track', track);
    const text = query.toString();
    return `/${language}/${encodeURIComponent(election)}/${encodeURIComponent(unit)}${text && `?${text}`}`;
  },
  sheet: (language: UiLanguage, election: string, station: string, contest: string): string =>
    `/${language}/${[election, station, contest].map(encodeURIComponent).join('/')}`,
};

/** The same page in another language. */
export function inLanguage(language: UiLanguage, path: string, search: string): string {
  const [, ...rest] = path.split('/').filter((part) => part !== '');
  return `/${[language, ...rest].join('/')}${search}`;
}
