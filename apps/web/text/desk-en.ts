/** Signing in and the operations board, in English: the shape of the others. */
import type { PrintCount } from './en.ts';

const some = (count: number, one: string, many: string): string => (count === 1 ? one : many);

export const deskEn = (n: PrintCount) => ({
  signIn: {
    title: 'Sign in',
    lead: 'For observers, and everybody who has an account. The published results need none.',
    token: 'Token of the account',
    hint: 'It begins with tally_ and was shown once when the account was made. A manager can make another one.',
    stay: 'This is a screen that stays on: keep me signed in for 30 days (observers only)',
    submit: 'Sign in',
    errorMark: 'Error: ',
    failed: {
      empty: 'Enter the token of your account.',
      wrong: 'This token is not valid. Check that it is complete; it may have been revoked.',
      often: 'Too many attempts from here. Wait a minute, then try again.',
      offline: 'The server cannot be reached. Check the connection, then try again.',
      other: 'The server could not sign you in. Try again in a moment.',
    },
  },
  board: {
    title: 'Operations board',
    signInFirst: 'The board is for observers and others who have an account.',
    notYours: 'This area is not yours. The board shows the area of your account.',
    contest: 'Contest',
    allContests: 'All contests',
    sentence: (received: number, stations: number, due: number) =>
      `**${n(received)}** of ${n(stations)} minutes received; ${n(due)} ${some(due, 'was', 'were')} expected by now.`,
    behind: (count: number) => `That is ${n(count)} fewer than expected.`,
    states: {
      missing: 'Missing',
      late: 'Late',
      held: 'Held',
      disputed: 'Entries differ',
      awaiting: 'Entered once',
      returned: 'Returned',
      annulled: 'Annulled',
      sealed: 'Sealed',
      closed: 'Closed',
    },
    atLeast: '(at least)',
    lateNote: 'missing, though expected by now',
    statesTitle: 'Minutes by state',
    areas: 'Areas',
    area: 'Area',
    received: 'Received',
    due: 'Expected',
    open: 'To settle',
    openLong: 'Held, differing, entered once, returned or sealed',
    tileAll: 'all received',
    list: (state: string) => `Minutes: ${state}`,
    none: 'None.',
    station: 'Polling area',
    state: 'State',
    expectedAt: 'Expected at',
    more: 'Show more',
    arrivals: 'How minutes arrive',
    arrived: 'Received',
    expected: 'Expected',
    time: 'Time',
    asTable: 'As a table',
    chooseContest: 'Choose a contest to see how its minutes arrive.',
    noArrivals: 'Nothing received yet.',
    arrivalsSentence: (received: number, stations: number, expected: number) =>
      `${n(received)} of ${n(stations)} received; ${n(expected)} expected by now.`,
    expectation: (close: string, minutes: number, each: number) =>
      `Where the expectation comes from: the polls closed at ${close}; a polling area's minutes are expected ${minutes} minutes later, and ${each} minutes more for each hundred registered voters. It is a rule of thumb, the same for every election, not a promise of anybody.`,
    rules: 'Findings by rule',
    rule: 'Rule',
    severity: 'Severity',
    severities: { error: 'Must be settled', warning: 'Worth a look', info: 'For information' },
    sheets: 'Sheets',
    ofThemHeld: 'Held',
    noRules: 'No rule found anything.',
    feed: 'Attempts',
    feedNote: 'Newest first; new ones appear by themselves.',
    accepted: 'Accepted',
    rejected: 'Rejected',
    onlyRejected: 'Only rejected ones',
    noAttempts: 'No attempts yet.',
    system: 'The system',
    lag: (events: number, seconds: string) =>
      events === 0
        ? 'Every event of the log is counted.'
        : `${n(events)} events not counted yet, the oldest for ${seconds} s.`,
    rate: (minute: number, ten: number) => `${n(minute)} events in the last minute, ${n(ten)} in the last ten.`,
    shard: 'Shard',
    folded: 'Counted',
    end: 'In the log',
    behindEvents: 'Behind',
    lastMinute: 'Last minute',
    asOf: (position: string) => `As of event ${position}`,
    stale: 'No connection: these figures are not the newest.',
  },
});

export type DeskWords = ReturnType<typeof deskEn>;
