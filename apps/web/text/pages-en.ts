/** Words of the pages beside results: overview, search, corrections, about the data, and what is still out. */
import type { PrintCount } from './en.ts';

const some = (count: number, one: string, many: string): string => (count === 1 ? one : many);

export const pagesEn = (n: PrintCount) => ({
  navigation: 'Pages of this election',
  overview: 'Overview',
  results: 'Results',
  search: 'Search',
  corrections: 'Corrections',
  about: 'About the data',

  overviewLead: (contests: number, stations: number) =>
    `${n(contests)} ${some(contests, 'contest', 'contests')} in ${n(stations)} polling areas.`,
  contest: 'Contest',
  seats: 'Seats',
  sheets: 'Sheets received',
  state: 'State',
  contestsOf: (contests: number, seats: number, certified: number) =>
    `${n(contests)} ${some(contests, 'contest', 'contests')} · ${n(seats)} ${some(seats, 'seat', 'seats')} · ${n(certified)} certified`,
  moreContests: (count: number) => `${n(count)} more: search for an area to find its contests.`,
  otherContest: 'Other contests',
  allResults: 'All results',
  tableOf: (body: string) => `Contests: ${body}`,

  searchLabel: 'Area: name or code',
  searchHint: 'Diacritics and capital letters do not matter.',
  searchButton: 'Search',
  found: (shown: number, total: number) =>
    total === 0
      ? 'No area has this name or code.'
      : shown < total
        ? `${n(total)} areas, of which the first ${n(shown)}:`
        : `${n(total)} ${some(total, 'area', 'areas')}:`,

  correctionsLead:
    'Figures that were changed after they had been accepted: what stood before, what stands now, and why. Nothing is ever overwritten; each sheet keeps its whole history.',
  correctionsFeed: 'Follow them as an Atom feed',
  correctionsNone: 'Nothing has been corrected.',
  correctionsNewest: 'The newest come first, 50 at most.',
  history: 'The whole history of this sheet',

  aboutLead: 'Where these figures come from, and how anybody can check them.',
  from: 'Where the figures come from',
  fromText:
    'Each polling team counts its ballots and signs a paper record. Its figures are entered as a tally sheet, checked by published rules, and added up. A sheet that breaks a rule is held until somebody has decided; until then it counts in no provisional total. Totals are sums of sheets and nothing else: nothing is estimated.',
  position: 'What a position is',
  positionText:
    'Everything that happens to a sheet is an event in a log that only grows. A position says how far the log has been read. Every figure of a page is true at the position named at its foot, and whoever asks for the same position gets the same figures.',
  check: 'How to check them',
  checkText:
    'Whoever has an export of the election can count it again on a computer of their own, without trusting this one: the program works out every sheet and every total from the log, compares them with what was published, and checks that the log was never rewritten.',
  checkLink: 'How to verify an election',
  fingerprintNow: 'Fingerprint of all published results',
  downloads: 'Downloads',
  csv: 'All results (CSV)',
  json: 'Totals of the whole area (JSON)',
  api: 'The API: everything these pages show, for programs',
  published: 'What is published when',
  lowest: (level: string) => `Figures are published down to this level: ${level}.`,
  moments: {
    never: 'never',
    closed: 'when the polls close',
    certified: 'once certified',
    always: 'always',
  } as Record<string, string>,
  things: { progress: 'Progress of the count', results: 'Results', log: 'Held and rejected sheets' },
});

export type PageWords = ReturnType<typeof pagesEn>;
