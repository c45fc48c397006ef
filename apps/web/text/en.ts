/**
 * The words of the pages. English is the shape: `Dictionary` is its type, so a key that another language lacks does not
 * pass the type check. Figures between `**` are set in bold. `n` prints a count in the page's language.
 */
/** Prints a count in the page's language. */
export type PrintCount = (value: number) => string;

const some = (count: number, one: string, many: string): string => (count === 1 ? one : many);

export const en = (n: PrintCount) => ({
  language: 'English',
  skip: 'Skip to the results',
  brandLine: 'Election results',
  results: 'Results',
  navigation: 'Where you are',
  languages: 'Language',
  loading: 'Loading …',
  none: '–',
  listSeparator: ', ',

  rehearsal: 'Rehearsal',
  rehearsalBanner: 'This is a rehearsal. None of these figures are real results.',
  rehearsalMark: 'REHEARSAL',
  frozen: {
    title: (since: string) => `Publication has stood still since ${since}`,
    text: 'Figures are as they were then; the count goes on. Reason:',
  },

  session: {
    signIn: 'Sign in',
    signOut: 'Sign out',
    /** `unit` is the name of the area, or nothing: everywhere. */
    as: (role: string, unit: string | undefined) => `Signed in as ${role}${unit === undefined ? '' : `, ${unit}`}`,
    board: 'Operations board',
    replay: 'Replay',
  },

  card: {
    preliminary: 'Preliminary results',
    note: 'The present figures are at this address.',
  },

  home: {
    title: 'Elections',
    empty: 'There is no election here yet.',
    pollingDay: (day: string) => `Polling day ${day}`,
  },

  missing: {
    title: 'Page not found',
    text: 'There is no election, area or contest at this address.',
    home: 'To the first page',
  },

  failed: {
    title: 'The figures cannot be shown',
    noConnection: 'The server cannot be reached. Trying again …',
    server: (what: string) => `The server answered: ${what}`,
  },

  states: {
    unpublished: 'Not published yet',
    nothing: 'Nothing received yet',
    incomplete: 'Preliminary – incomplete',
    complete: 'Preliminary – complete',
    certified: 'Certified',
    changed: 'Changed since certification',
  },
  stateNotes: {
    certified: (when: string) => `Certified on ${when}.`,
    changed: (when: string) =>
      `This result was certified on ${when}. Figures have changed since; what stands here now is not what was certified.`,
    preliminary: 'Preliminary figures can still change until the result is certified.',
  },

  sentence: {
    received: (received: number, stations: number) =>
      `**${n(received)}** of ${n(stations)} tally sheets ${received === 1 ? 'has' : 'have'} been received.`,
    coverage: (share: string) => `The counted sheets cover **${share}** of the registered voters.`,
    nothing: (stations: number) =>
      `Nothing received yet from ${stations === 1 ? 'the polling area' : `any of the ${n(stations)} polling areas`} here.`,
    nothingVerified: 'No sheet has been verified against the paper yet.',
    allCounted: (stations: number) =>
      stations === 1
        ? 'The tally sheet of this polling area is counted.'
        : `All **${n(stations)}** tally sheets are counted.`,
    notCounted: 'Sheets have been received, but none of them is counted yet.',
  },

  exceptions: {
    title: 'Not settled yet',
    missing: (count: number) => `${n(count)} ${some(count, 'sheet', 'sheets')} not received`,
    held: (count: number) => `${n(count)} ${some(count, 'sheet', 'sheets')} held for review`,
    disputed: (count: number) => `${n(count)} ${some(count, 'sheet', 'sheets')} with two entries that differ`,
    awaiting: (count: number) => `${n(count)} ${some(count, 'sheet', 'sheets')} waiting for the second entry`,
    returned: (count: number) => `${n(count)} ${some(count, 'sheet', 'sheets')} returned to the polling team`,
    annulled: (count: number) => `${n(count)} ${some(count, 'sheet', 'sheets')} annulled`,
    sealed: (count: number) => `${n(count)} ${some(count, 'count', 'counts')} sealed, the election board decides`,
    closed: (count: number) => `${n(count)} ${some(count, 'polling area', 'polling areas')} closed`,
  },

  exceptionsShort: {
    held: (count: number) => `${n(count)} held`,
    disputed: (count: number) => `${n(count)} differ`,
    awaiting: (count: number) => `${n(count)} entered once`,
    returned: (count: number) => `${n(count)} returned`,
    annulled: (count: number) => `${n(count)} annulled`,
    sealed: (count: number) => `${n(count)} sealed`,
    closed: (count: number) => `${n(count)} closed`,
  },

  progress: {
    title: 'Progress',
    sheets: 'Tally sheets received',
    sheetsOf: (received: number, stations: number) => `**${n(received)}** of ${n(stations)} polling areas`,
    counted: (counted: number, verified: number) => `${n(counted)} counted, ${n(verified)} of them verified`,
    voters: 'Registered voters in counted sheets',
    votersOf: (counted: number, registered: number) => `**${n(counted)}** of ${n(registered)} registered voters`,
    votersUnknown: 'The number of registered voters is not known here.',
  },

  contests: {
    title: 'Contest',
    body: 'Elected body',
    choose: 'Contest',
    bodies: {
      na: 'National Assembly',
      province: 'Province council',
      district: 'District council',
      commune: 'Commune council',
    } as Record<string, string>,
    more: (contests: string) => `${contests} further contests`,
    kinds: { first: '', rerun: 'Re-run', additional: 'Additional election', runoff: 'Run-off' },
  },

  tracks: {
    title: 'Which sheets count',
    provisional: 'Provisional',
    verified: 'Verified',
    all: 'With held sheets',
    notes: {
      provisional: 'Accepted and verified sheets.',
      verified: 'Only sheets checked against the paper record.',
      all: 'Sheets held for review count as well.',
    },
  },

  candidates: {
    title: 'Candidates',
    number: 'No.',
    numberLong: 'Number on the ballot',
    name: 'Candidate',
    votes: 'Votes',
    share: 'Share',
    withdrawn: 'Withdrawn',
    leading: 'Leading',
    seats: (seats: number) => `${n(seats)} ${some(seats, 'seat', 'seats')}`,
    count: (count: number) => `${n(count)} ${some(count, 'candidate', 'candidates')}`,
    shareOfValid: (whole: number) => `Shares are of the ${n(whole)} valid ballots.`,
    shareOfVotes: (whole: number) => `Shares are of all ${n(whole)} votes.`,
    shareOfOther: (whole: number) => `Shares are of ${n(whole)}, as this election defines them.`,
    severalVotes: 'A ballot may carry several votes, so the shares do not add up to 100%.',
    half: 'The mark in the bars stands at one half.',
    threshold: (share: string) =>
      `Nobody is shown as leading before the counted sheets cover ${share} of the registered voters.`,
    leadingNote: 'Leading so far; nobody is elected before the result is certified.',
    tableOf: (unit: string) => `Votes by candidate, ${unit}`,
  },

  figures: {
    title: 'From the count records',
    letter: 'Letter',
    name: 'Figure',
    value: 'Number',
    turnout: 'Turnout',
    ofCollected: 'of the ballots collected',
    statedBy: (count: number) => `stated by ${n(count)} ${some(count, 'sheet', 'sheets')}`,
    madeOf: 'What this figure is made of',
    repeated: (name: string, k: number) => `${name}: ${n(k)}`,
  },

  units: {
    title: (level: string) => `By ${level}`,
    unit: 'Area',
    sheets: 'Sheets',
    sheetsLong: 'Tally sheets received of all polling areas',
    voters: 'Voters',
    votersLong: 'Registered voters in counted sheets',
    status: 'Status',
    registered: 'Registered',
    registeredLong: 'Registered voters',
    showVotes: 'Votes',
    showShares: 'Shares',
    showWhat: 'Show',
    more: (count: number) => `Show all ${n(count)} candidates`,
    fewer: 'Show fewer candidates',
    notBelow: (level: string) => `Figures are published down to this level: ${level}.`,
    elsewhere: (count: number) =>
      `${n(count)} more ${some(count, 'area takes', 'areas take')} no part in this contest.`,
    tableOf: (unit: string) => `Results of the areas in ${unit}`,
  },

  publication: {
    closed: (when: string) => `Results are published when the polls close, at ${when}.`,
    certified: 'Results are published once they are certified.',
    never: 'Results are not published here.',
    time: (when: string) => `Results are published at ${when}.`,
    progressOnly: 'Until then only the progress of the count is shown.',
  },

  arrival: {
    title: 'How the count came in',
    start: 'First sheet',
    half: 'Half of the sheets',
    last: 'Newest sheet',
    goThrough: 'Go through the night, step by step',
  },

  live: {
    live: 'Live',
    connecting: 'Connecting …',
    polling: 'Every 10 s',
    pollingLong: 'No live connection; the figures are asked for every 10 seconds.',
    offline: (since: string) => `No connection since ${since}`,
    offlineFigures: (asOf: string) => `The figures are from ${asOf}. Trying again every 10 seconds.`,
    paused: 'Paused',
    pause: 'Pause',
    pauseLong: 'Pause live updates',
    resume: 'Resume',
    resumeLong: 'Resume live updates',
  },

  asOf: {
    title: 'About these figures',
    figures: 'Figures as of',
    nothing: 'nothing received yet',
    event: (events: number) => `as of event ${n(events)}`,
    position: 'Position',
    positionNote: 'Every figure on this page is true at this position of the log.',
    tablePosition: 'The table of areas is at',
    checked: 'Last checked',
    downloads: 'Downloads',
    csv: 'This page as CSV',
    csvAll: 'All results as CSV',
    api: 'API and documentation',
    sameForAll: 'Everybody sees the same figures at the same time.',
    fingerprint: 'Certified fingerprint',
  },

  sheet: {
    title: 'Tally sheet',
    figures: 'Figures of the sheet',
    revision: (revision: number) => `Revision ${n(revision)}`,
    counts: 'Counts',
    newest: 'Newest',
    secondEntry: 'Second entry',
    firstEntry: 'First entry',
    difference: 'Difference',
    differs: 'differs',
    votes: 'Votes',
    registered: (voters: number) => `${n(voters)} registered voters`,
    sealed:
      'The count is sealed: more ballots were collected than voters took part. The election board decides what happens.',
    closed: 'This polling area is closed.',
    notPublic: 'The newest figures are kept out of the totals and are not public yet.',
    status: {
      none: 'Nothing received yet.',
      'awaiting-second': 'Entered once; waiting for the second entry by another person.',
      disputed: 'Two people entered different figures. Someone has to decide from the paper.',
      accepted: 'Accepted: these figures count in the provisional totals.',
      held: 'Held for review: the newest figures do not count until someone has decided.',
      returned: 'Returned to the polling team; these figures do not count.',
      annulled: 'Annulled: these figures do not count. The sheet may be sent anew.',
      verified: 'Verified against the paper record: these figures count in every total.',
    },
    statusShort: {
      none: 'Not received',
      'awaiting-second': 'Entered once',
      disputed: 'Entries differ',
      accepted: 'Counted',
      held: 'Held',
      returned: 'Returned',
      annulled: 'Annulled',
      verified: 'Verified',
    },
    sealedShort: 'Sealed',
    closedShort: 'Closed',
    stillStanding: (revision: number) => `Until then revision ${n(revision)} goes on counting.`,
    heldFor: {
      rules: 'A check found something that must be looked at.',
      sealed: 'The count is sealed.',
      closed: 'The polling area is closed.',
      verified: 'It corrects a verified sheet; a second person has to agree.',
    },
  },

  findings: {
    title: 'Points to check',
    none: 'The checks found nothing.',
    severity: { error: 'Must be settled', warning: 'Worth a look', info: 'For information' },
    clerk: 'For the person who entered it',
    reviewer: 'For the reviewer',
    ruleFailed: 'This check could not be worked out with the figures given.',
    code: 'Check',
    source: 'Based on',
    inRevision: (revision: number) => `in revision ${n(revision)}`,
  },
});

export type Dictionary = ReturnType<typeof en>;
