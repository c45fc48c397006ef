/** Words of a sheet's history: what was tried, by whom, and why it was refused. Every code has its sentence. */
import type { Cause, EventType, RejectionCode, Role, Via } from '#domain';

export interface HistoryWords {
  readonly title: string;
  readonly empty: string;
  readonly acceptedOnly: string;
  readonly accepted: string;
  readonly rejected: string;
  readonly by: (role: string) => string;
  readonly sentAt: (time: string) => string;
  readonly position: string;
  /** Before the id of the device, where that is shown. */
  readonly signed: string;
  readonly firstFigures: (count: number) => string;
  readonly before: string;
  readonly after: string;
  readonly findings: (count: number) => string;
  readonly unknownEvent: string;
  readonly events: Readonly<Record<EventType, string>>;
  readonly roles: Readonly<Record<Role, string>>;
  readonly causes: Readonly<Record<Cause, string>>;
  readonly via: Readonly<Record<Via, string>>;
  readonly rejections: Readonly<Record<RejectionCode, string>>;
}

export const historyEn: HistoryWords = {
  title: 'History',
  empty: 'No attempt on this sheet yet.',
  acceptedOnly: 'Held and rejected attempts are listed once the log is published.',
  accepted: 'Accepted',
  rejected: 'Rejected',
  by: (role) => `by a ${role}`,
  sentAt: (time) => `sent at ${time}`,
  position: 'Event',
  signed: 'signed by its device',
  firstFigures: (count) => `First figures (${count})`,
  before: 'before',
  after: 'after',
  findings: (count) => (count === 1 ? '1 point to check' : `${count} points to check`),
  unknownEvent: 'A record that cannot be read',
  events: {
    'tally.election.opened.v1': 'Election opened',
    'tally.sheet.submitted.v1': 'Figures sent',
    'tally.sheet.resolved.v1': 'Differing entries decided',
    'tally.sheet.released.v1': 'Released into the totals',
    'tally.sheet.returned.v1': 'Returned to the polling team',
    'tally.sheet.verified.v1': 'Verified against the paper',
    'tally.sheet.annulled.v1': 'Annulled',
    'tally.count.sealed.v1': 'Count sealed',
    'tally.count.unsealed.v1': 'Seal opened by decision of the board',
    'tally.station.closed.v1': 'Polling area closed',
    'tally.candidate.withdrawn.v1': 'Candidate withdrawn',
    'tally.device.enrolled.v1': 'Device enrolled',
    'tally.device.revoked.v1': 'Device revoked',
    'tally.minutes.recorded.v1': 'Signed minutes recorded',
    'tally.contest.certified.v1': 'Result certified',
    'tally.contest.reopened.v1': 'Certification reopened',
  },
  roles: {
    clerk: 'clerk',
    reviewer: 'reviewer',
    verifier: 'verifier',
    certifier: 'certifier',
    manager: 'manager',
    observer: 'observer',
  },
  causes: {
    entry: 'The entry was wrong',
    paper: 'The paper record was wrong',
    recount: 'The ballots were counted again',
    order: 'By order of a higher organ',
  },
  via: {
    paper: 'from the paper',
    phone: 'by phone',
    photo: 'from a photo',
    device: 'from a device',
    import: 'from a file',
  },
  rejections: {
    unreadable: 'The record cannot be read as an event.',
    'other-definition': 'It was written for another definition of the election.',
    'not-open': 'The election was not open yet.',
    'wrong-shard': 'It was put into a part of the log where it does not belong.',
    'unknown-unit': 'There is no such unit.',
    'unknown-station': 'There is no such polling area.',
    'unknown-contest': 'There is no such contest.',
    'unknown-candidate': 'There is no such candidate.',
    'not-in-contest': 'This polling area does not vote in this contest.',
    'bad-structure': 'The figures do not fit the form: some are missing, unknown or no whole numbers.',
    repeat: 'The same message had already arrived; the first outcome holds.',
    'idempotency-conflict': 'Its id had already been used for other figures.',
    'stale-revision': 'Someone else had sent a newer revision first.',
    'precondition-failed': 'The sheet had changed since the sender saw it.',
    'reason-required': 'A correction needs a reason, and none was given.',
    unchanged: 'The figures were the same as those already here.',
    'not-allowed': 'That is not possible in the state the sheet was in.',
    'same-person': 'It needs another person than the one who entered the figures.',
    'figure-not-entered': 'It contains a figure that neither of the two entries has.',
    sealed: 'The count is sealed; the election board has to decide first.',
  },
};
