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
  forWork: 'For those who work with the figures',
  newsroom: 'Newsroom',

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

  stillOut: {
    title: 'What is still out',
    voters: (voters: number, stations: number, of: number) =>
      `**${n(voters)}** registered voters in **${n(stations)}** of ${n(of)} polling areas are not counted yet.`,
    stations: (stations: number, of: number) =>
      `**${n(stations)}** of ${n(of)} polling areas ${stations === 1 ? 'is' : 'are'} not counted yet. How many voters all of them have is not known.`,
    none: 'Every polling area is counted.',
    withVoters: (text: string, voters: number) => `${text} (${n(voters)} registered voters)`,
    kinds: {
      missing: (count: number) => `${n(count)} not received: nothing is known of ${some(count, 'it', 'them')}.`,
      held: (count: number) =>
        `${n(count)} held for review: the figures count once they are released, or are replaced.`,
      returned: (count: number) => `${n(count)} returned: new figures of the polling team are awaited.`,
      disputed: (count: number) => `${n(count)} with two entries that differ: someone decides from the paper.`,
      awaiting: (count: number) => `${n(count)} entered once: the second entry is awaited.`,
      sealed: (count: number) =>
        `${n(count)} sealed: nothing of ${some(count, 'it', 'them')} counts until the election board has decided.`,
    },
    corrections: (count: number) =>
      `${n(count)} counted ${some(count, 'sheet has a correction', 'sheets have corrections')} that nobody has decided yet: what stands counts until then, and can still change.`,
    where: 'Where',
    whereOf: (stations: number, voters: number | undefined) =>
      `${n(stations)} ${some(stations, 'polling area', 'polling areas')}${voters === undefined ? '' : `, ${n(voters)} voters`}`,
    votersOf: (voters: number) => `${n(voters)} voters`,
    whereMore: (count: number) => `${n(count)} more ${some(count, 'area', 'areas')} in the table.`,

    safeTitle: 'Cannot change any more',
    safe: (names: string, voters: number, stations: number, count: number) =>
      `**${names}**: even if all **${n(voters)}** registered voters of the **${n(stations)}** missing polling ${some(stations, 'area', 'areas')} voted for the same others, ${some(count, 'this place', 'these places')} would stay.`,
    safeDone: (names: string, count: number) =>
      `**${names}**: no polling area is missing that could take ${some(count, 'this place', 'these places')}.`,
    safeHalf:
      'More than half of the valid ballots would stay too, and with nobody else taking part more than half of the voters.',
    assumes:
      'This is arithmetic, not a forecast. It assumes that counted sheets stay as they are and that nobody votes beyond the registered voters. Nobody is elected before the result is certified.',
    hurdleTitle: 'What the next one would need',
    hurdle: (next: string, last: string, needed: number, voters: number, share: string) =>
      `To pass ${last} for the last place, **${next}** would need at least **${n(needed)}** more votes than ${last} from the ${n(voters)} voters still out, that is ${share} of them.`,
    hurdleOne: (next: string, last: string, needed: number, voters: number, share: string) =>
      `To pass ${last}, **${next}** would need at least **${n(needed)}** more votes than ${last} from the ${n(voters)} voters still out, that is ${share} of them.`,
    hurdleGone: (next: string, last: string) => `${next} cannot pass ${last} any more by what is still out.`,
    silence: {
      'registered-unknown':
        'What can still change is not said: the registered voters of some polling areas are not known.',
      rerun: 'What can still change is not said: a sheet was annulled or a re-run belongs to this contest.',
      corrections: 'What can still change is not said while corrections of counted sheets wait for a decision.',
      'part-of-contest': (stations: number) =>
        `Places are decided over all ${n(stations)} polling areas of this contest.`,
    },
    wholeContest: 'The whole contest',
  },

  copy: {
    title: 'Copy',
    link: 'A copy of this page as one file',
    text: (when: string) => `This is a copy, made at ${when}. It does not change by itself. The present figures are at`,
  },

  tiles: {
    view: 'Show as',
    table: 'Table',
    tiles: 'Tiles',
    leads: (name: string) => `Most votes: ${name}`,
    received: (received: number, stations: number) =>
      `${n(received)} of ${n(stations)} ${some(stations, 'sheet', 'sheets')}`,
    note: (share: string) =>
      `A tile names the candidate with most votes once counted sheets cover ${share} of the registered voters there; before that it shows how much is counted. All tiles have one size, whatever the number of voters.`,
  },

  seatsLine: {
    now: (count: number, seats: number) =>
      count === seats
        ? `Above: the ${n(seats)} ${some(seats, 'seat', 'seats')}, as things stand. Nobody is elected yet.`
        : `Above: ${n(count)} of ${n(seats)} seats, as things stand. Nobody is elected yet.`,
    certified: (count: number, seats: number) =>
      count === seats
        ? `Above: the ${n(seats)} ${some(seats, 'seat', 'seats')}, by the certified figures.`
        : `Above: ${n(count)} of ${n(seats)} seats, by the certified figures.`,
    tie: 'Votes tie over the next place.',
    half: 'Nobody below has more than half of the valid ballots.',
  },
});

export type PageWords = ReturnType<typeof pagesEn>;
