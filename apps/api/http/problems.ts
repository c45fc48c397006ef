/**
 * Every problem the API answers with (RFC 9457), in one catalogue: code → status, title, what to do. The code is the
 * last part of the stable `type` URI, `/problems/<code>`, under which it is also explained to people.
 */
import type { Problem } from '#wire';

interface Kind {
  readonly status: number;
  readonly title: string;
  readonly help: string;
}

export const PROBLEMS = {
  'malformed-request': { status: 400, title: 'The request is malformed', help: 'Send a well-formed HTTP/1.1 request.' },
  'malformed-json': { status: 400, title: 'The body is not JSON', help: 'Send one JSON value as RFC 8259 has it.' },
  'bad-utf8': {
    status: 400,
    title: 'The body is not UTF-8',
    help: 'Text is UTF-8; convert the file before sending it.',
  },
  'bad-parameter': {
    status: 400,
    title: 'A parameter of the address is wrong',
    help: '`errors` says which one and what it may be.',
  },
  'bad-position': {
    status: 400,
    title: 'There is no such position',
    help: 'Use a `position` from an answer of this election, or a time (RFC 3339 with an offset).',
  },
  unauthenticated: {
    status: 401,
    title: 'A token is needed',
    help: 'Send `Authorization: Bearer <token>`; a manager makes tokens.',
  },
  'bad-token': {
    status: 401,
    title: 'The token is not valid',
    help: 'It is unknown or revoked. Ask a manager for another one.',
  },
  'not-permitted': {
    status: 403,
    title: 'The account may not do this',
    help: 'Its role or its area does not allow it.',
  },
  'cross-origin': {
    status: 403,
    title: 'The request comes from another site',
    help: 'A signed-in browser changes something only from pages of this server. Programs send a bearer token.',
  },
  'not-public': {
    status: 403,
    title: 'This is not public',
    help: 'It is published later, or never (see `publish` of the election). An account with a role for the area sees it.',
  },
  'not-found': { status: 404, title: 'There is no such address', help: 'See /api/docs for all addresses.' },
  'unknown-election': { status: 404, title: 'There is no such election', help: 'GET /api/v1/elections lists them.' },
  'unknown-unit': {
    status: 404,
    title: 'There is no such unit',
    help: 'Unit codes are those of units.csv, leading zeros included.',
  },
  'unknown-station': {
    status: 404,
    title: 'There is no such station',
    help: 'Stations are the units of the last level.',
  },
  'unknown-contest': { status: 404, title: 'There is no such contest', help: 'Contests are those of contests.csv.' },
  'unknown-candidate': {
    status: 404,
    title: 'There is no such candidate',
    help: 'Candidates are named by their number in candidates.csv.',
  },
  'not-in-contest': {
    status: 404,
    title: 'The unit has no station of the contest',
    help: 'Choose a contest of this unit.',
  },
  'unknown-event': {
    status: 404,
    title: 'There is no such event',
    help: 'The address names id and place of an event, as the answer to sending it said.',
  },
  'unknown-receipt': {
    status: 404,
    title: 'There is no such receipt',
    help: 'Its id is SHARD-OFFSET-CODE. If you hold a signed receipt with this id, keep it: it is proof.',
  },
  'unknown-account': { status: 404, title: 'There is no such account', help: 'GET …/tokens lists those of your area.' },
  'unknown-device': { status: 404, title: 'There is no such device', help: 'GET …/devices lists those of your area.' },
  'method-not-allowed': { status: 405, title: 'The address does not take this method', help: 'See /api/docs.' },
  timeout: { status: 408, title: 'The request took too long to arrive', help: 'Send it again.' },
  'stale-revision': {
    status: 409,
    title: 'Another revision came first',
    help: 'Compare with the standing sheet in `sheet`, then send again with its revision.',
  },
  'idempotency-conflict': {
    status: 409,
    title: 'This id was used with other content',
    help: 'Use a new id for new content.',
  },
  'same-person': {
    status: 409,
    title: 'Another person must do this',
    help: 'Who entered figures neither enters them a second time nor verifies them.',
  },
  'other-key': {
    status: 409,
    title: 'The key is another one by now',
    help: 'GET …/log/key says which, and how it came to it.',
  },
  'not-allowed': {
    status: 409,
    title: 'Not possible in the present state',
    help: 'Read the sheet, station or contest again.',
  },
  'figure-not-entered': {
    status: 409,
    title: 'A figure stands in neither entry',
    help: 'A resolution chooses between the two entries, field by field.',
  },
  sealed: { status: 409, title: 'The count is sealed', help: 'The board decides first: unseal it.' },
  'reason-required': { status: 409, title: 'A reason is required', help: 'From revision 2 on say why.' },
  rejected: { status: 409, title: 'The log rejected the attempt', help: '`rejection` says why.' },
  'other-fingerprint': {
    status: 409,
    title: 'The result has another fingerprint now',
    help: 'Look at the result again before certifying it.',
  },
  'other-package': {
    status: 409,
    title: 'Another package is open under this id',
    help: 'Choose another id; an open election keeps its package.',
  },
  'precondition-failed': {
    status: 412,
    title: 'The sheet changed since you saw it',
    help: 'Look at the standing sheet in `sheet`, then decide again with its `etag`.',
  },
  'too-large': {
    status: 413,
    title: 'The body is too large',
    help: 'A sheet has 64 kB at most; many sheets go to …/sheets:batch.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is of the wrong type',
    help: 'See /api/docs for the Content-Type of each address.',
  },
  'expectation-failed': {
    status: 417,
    title: 'The expectation cannot be met',
    help: 'Only `Expect: 100-continue` is understood.',
  },
  invalid: {
    status: 422,
    title: 'The body is not what is expected',
    help: '`errors` lists every problem with its place.',
  },
  'bad-structure': {
    status: 422,
    title: 'The sheet cannot be taken',
    help: '`errors` lists every problem with its place.',
  },
  'bad-package': {
    status: 422,
    title: 'The election package has problems',
    help: '`errors` lists them with file, line and column.',
  },
  'precondition-required': {
    status: 428,
    title: 'If-Match is required',
    help: 'Send the `etag` of the sheet you decided on.',
  },
  'too-many-requests': { status: 429, title: 'Too many requests', help: 'Wait as `Retry-After` says.' },
  'headers-too-large': { status: 431, title: 'The headers are too large', help: 'Send fewer or shorter headers.' },
  internal: {
    status: 500,
    title: 'Something unexpected happened',
    help: 'It was logged. Sending again with the same id does no harm.',
  },
  unconfirmed: {
    status: 503,
    title: 'The log did not confirm',
    help: 'Send it again with the same id until there is an answer.',
  },
  stopping: { status: 503, title: 'The server is stopping', help: 'Nothing was taken in. Send it again in a moment.' },
  'no-signing-key': {
    status: 503,
    title: 'The log is not signed here',
    help: 'Whoever runs this installation names the folder of its keys: TALLY_KEYS.',
  },
  unavailable: { status: 503, title: 'The store is not available', help: 'Send it again in a moment.' },
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;

export interface FieldProblem {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** A problem as it is answered: RFC 9457 with `code` and what a kind adds (`sheet`, `fingerprint`, `rejection`). */
export type ProblemBody = Problem & { readonly code: ProblemCode } & Readonly<Record<string, unknown>>;

export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
  /** Members of this kind of problem. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers, answered by the filter. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails | string = {}) {
    const given = typeof details === 'string' ? { detail: details } : details;
    super(given.detail ?? PROBLEMS[code].title);
    this.name = 'ProblemError';
    this.code = code;
    this.details = given;
  }
}

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

export function problemBody(
  code: ProblemCode,
  { detail, errors, more }: ProblemDetails = {},
  instance?: string,
): ProblemBody {
  const { status, title, help } = PROBLEMS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail: detail ?? help,
    ...(instance !== undefined && { instance }),
    ...more,
    ...(errors && { errors }),
  };
}
