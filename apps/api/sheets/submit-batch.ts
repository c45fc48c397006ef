/**
 * `POST …/sheets:batch`: sheets as NDJSON in, their outcomes as NDJSON out, a line for a line in order, while both
 * streams go on. Memory is bounded: lines are taken in groups, and no further group is read before one is answered.
 */
import { Readable } from 'node:stream';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, StructureProblem, Unit } from '#domain';
import { type IntakeResult, readSheets, type SheetFileLine } from '#intake';
import { type PlacedRecord, receiptIdOf, signReceipt } from '#log-tree';
import type { ServedElection } from '#projection';
import type { AttemptDoc } from '#read-model';
import { accountOf, unauthenticated } from '../http/authentication.ts';
import { Desk } from '../http/desk.ts';
import { Draining } from '../http/draining.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readLines, readParams, readQuery } from '../http/route.ts';
import { Receipts } from '../log/receipts.ts';
import * as wire from '../schemas.ts';
import { inGroups } from './groups.ts';
import { placeOf, positionAfter } from './outcomes.ts';
import { submitterOf } from './submit-sheet.ts';

const route = {
  method: 'POST',
  path: `${ELECTION}/sheets:batch`,
  tag: 'sheets',
  summary: 'Submit many sheets',
  description:
    'One sheet a line, at most 256 kB each; any number of lines. A bad line is refused with its number, the rest goes on. ' +
    'Without `expectedRevision` a sheet is compared with the newest revision: the same figures are `unchanged`. ' +
    'A line that was taken in has the id of its `receipt`, which GET …/receipts/{id} gives; with `receipts=signed` the receipt itself. ' +
    'Read the answer while sending: about 16 MB of it wait for a reader, then no more is taken in.',
  access: 'submit-sheet',
  params: wire.electionParams,
  query: wire.batchQuery,
  body: 'lines',
  json: wire.batchLine,
  answers: {
    200: {
      description: 'A line for each line that is not blank, in order',
      type: 'application/x-ndjson',
      schema: wire.batchOutcome,
    },
  },
  problems: ['bad-parameter', 'unknown-election', 'unsupported-media-type', 'no-signing-key', 'stopping'],
} as const satisfies RouteSpec;

const GROUP = { most: 1_000, ms: 50 };
/** What may wait for a sender that reads only after it has sent everything. */
const ANSWER_BYTES = 16 * 1024 * 1024;

type Outcome = wire.BatchOutcome;
type ReceiptOf = (record: PlacedRecord) => NonNullable<Outcome['receipt']> | null;

interface Asked {
  readonly served: ServedElection;
  readonly receipts: 'id' | 'signed';
  readonly actorFor: (station: Unit) => Actor | StructureProblem;
}

@Controller()
export class SubmitBatch {
  readonly #desk: Desk;
  readonly #draining: Draining;
  readonly #receipts: Receipts;
  constructor(@Inject(Desk) desk: Desk, @Inject(Draining) draining: Draining, @Inject(Receipts) receipts: Receipts) {
    this.#desk = desk;
    this.#receipts = receipts;
    this.#draining = draining;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { receipts = 'id' } = readQuery(route.query, request);
    const served = await this.#desk.election(readParams(route.params, request).election);
    const account = accountOf(request);
    if (!account) throw unauthenticated();
    if (receipts === 'signed' && !(await this.#receipts.key(served.election.definition.id)))
      throw new ProblemError('no-signing-key');
    const lines = readSheets(readLines(request), { format: 'ndjson' });
    reply.raw.once('finish', () => {
      if (this.#draining.isStopping) request.raw.destroy();
    });
    const answers = this.#answers({ served, receipts, actorFor: submitterOf(account, served) }, lines);
    reply
      .headers({ 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' })
      .send(Readable.from(answers, { objectMode: false, highWaterMark: ANSWER_BYTES }));
  }

  async *#answers(asked: Asked, lines: AsyncIterable<SheetFileLine>): AsyncGenerator<Buffer> {
    const groups = inGroups(lines, GROUP);
    const stop = this.#stop();
    try {
      for (;;) {
        const next = await Promise.race([groups.next(), stop.stopped]);
        if (next === 'stopped' || next.done) return;
        const outcomes = this.#draining.isStopping ? next.value.map(stopping) : await this.#submit(asked, next.value);
        yield Buffer.from(outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join(''));
      }
    } finally {
      stop.forget();
      // Not awaited: it may wait for a line that never comes, and ends with the request.
      groups.return(undefined).catch(() => undefined);
    }
  }

  /** Resolves once the server begins to stop: what is under way is answered, no further line is waited for. */
  #stop(): { stopped: Promise<'stopped'>; forget: () => void } {
    let forget = (): void => undefined;
    const stopped = new Promise<'stopped'>((resolve) => {
      forget = this.#draining.onStop(() => resolve('stopped'));
    });
    return { stopped, forget: () => forget() };
  }

  async #submit({ served, receipts, actorFor }: Asked, group: readonly SheetFileLine[]): Promise<Outcome[]> {
    const sheets = group.filter((line) => 'raw' in line);
    const raws = sheets.map(({ raw }) => raw);
    const results = await this.#desk.services.intake.submitMany(served, raws, actorFor, { bulk: true });
    const { id } = served.election.definition;
    const key = await this.#receipts.key(id);
    const receiptOf = (record: PlacedRecord) =>
      key && (receipts === 'signed' ? signReceipt(id, record, key) : receiptIdOf(record));
    const told = new Map(
      sheets.map(({ line, raw }, i) => [line, this.#outcome(served, line, raw, results[i]!, receiptOf)]),
    );
    return group.map((line) => told.get(line.line) ?? refused(line.line, 'problems' in line ? line.problems : []));
  }

  #outcome(served: ServedElection, line: number, raw: unknown, result: IntakeResult, receiptOf: ReceiptOf): Outcome {
    const sheet = named(raw);
    switch (result.kind) {
      case 'refused':
        return { ...refused(line, result.problems), ...sheet };
      case 'unchanged':
        return { line, outcome: 'unchanged', ...sheet };
      case 'pending':
        return { line, outcome: 'pending', ...sheet, id: result.id, attempt: placeOf(result) };
      case 'unconfirmed':
        return { line, outcome: 'unconfirmed', ...sheet, id: result.id, detail: result.message };
      case 'settled': {
        const { attempt, appended: value } = result;
        const { shard, offset } = attempt;
        const receipt = value && attempt.outcome === 'accepted' ? receiptOf({ shard, offset, value }) : null;
        const position = positionAfter(this.#desk, served, attempt);
        return { line, ...outcomeOf(attempt), ...(receipt !== null && { receipt }), position };
      }
    }
  }
}

/** What the fold's word on an attempt is called in a batch (contracts §2, §4 `import`). */
function outcomeOf(attempt: AttemptDoc): Omit<Outcome, 'line'> {
  const { id, station, contest, revision, status, findings, rejection, detail } = attempt;
  const common = { id, station, contest, revision, status, attempt: placeOf(attempt) };
  if (attempt.outcome === 'accepted') return { outcome: nameOf(status), ...common, findings: [...(findings ?? [])] };
  return { outcome: rejectedAs(rejection), ...common, rejection, ...(detail !== undefined && { detail }) };
}

function nameOf(status: AttemptDoc['status']): Outcome['outcome'] {
  if (status === 'held' || status === 'disputed') return status;
  return status === 'awaiting-second' ? 'awaiting' : 'accepted';
}

function rejectedAs(rejection: AttemptDoc['rejection']): Outcome['outcome'] {
  if (rejection === 'repeat' || rejection === 'unchanged') return 'unchanged';
  return rejection === 'stale-revision' ? 'conflict' : 'refused';
}

function refused(line: number, problems: readonly StructureProblem[]): Outcome {
  return { line, outcome: 'refused', problems: [...problems] };
}

/** Taken in by nobody: to be sent again. */
function stopping({ line }: SheetFileLine): Outcome {
  return {
    line,
    outcome: 'unconfirmed',
    detail: 'The server is stopping; nothing of this line was taken in. Send it again.',
  };
}

/** Station and contest that a line names, for whoever reads the answer without the question. */
function named(raw: unknown): { station?: string; contest?: string } {
  if (typeof raw !== 'object' || raw === null) return {};
  const { station, contest } = raw as { station?: unknown; contest?: unknown };
  return {
    ...(typeof station === 'string' && { station: station.slice(0, 64) }),
    ...(typeof contest === 'string' && { contest: contest.slice(0, 64) }),
  };
}
