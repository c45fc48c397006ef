/** `GET …/tables/{contest}`: a flat table for newsrooms, as JSON, CSV or XLSX; all of it, or what changed since. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import writeExcelFile from 'write-excel-file/node';
import { type Position, parsePosition } from '#domain';
import { csvLine, type ServedElection, sizeOf, tableAnswer, type View } from '#projection';
import type { TableAnswer } from '#wire';
import { isKnownToClient, positionAsked } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { levelOf, mustSeeTracks } from './asked.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const route = {
  method: 'GET',
  path: `${ELECTION}/tables/:contest`,
  tag: 'results',
  summary: 'A contest as a flat table, one row a unit',
  description:
    'As JSON, or with `format` as CSV or XLSX. Keep the `position` of an answer and send it as `since` the next time: only ' +
    'rows that changed from it on come back. When something is published, ask for everything once: that moves no position.',
  access: 'public',
  params: wire.tableParams,
  query: wire.tableQuery,
  answers: {
    200: {
      description: 'The table',
      schema: wire.tableAnswer,
      headers: {
        ETag: 'Names model, position and what the viewer sees',
        'Tally-Position': 'The position it is true at',
      },
    },
    302: { description: 'A time: its position is at Location' },
    304: { description: 'Not changed' },
  },
  problems: [
    'bad-parameter',
    'bad-position',
    'unknown-election',
    'unknown-contest',
    'unknown-unit',
    'not-in-contest',
    'not-public',
  ],
} as const satisfies RouteSpec;

/** A workbook is put together in memory. */
const MOST_SHEET_ROWS = 20_000;

@Controller()
export class ReadTable {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = readQuery(route.query, request);
    const params = readParams(route.params, request);
    const served = await this.#desk.election(params.election);
    const unit = query.unit === undefined ? served.election.root : this.#desk.unit(served, query.unit);
    const contest = this.#desk.contestAt(served, params.contest, unit);
    const level = query.level === undefined ? undefined : levelOf(served, query.level);
    const { track = 'provisional', format = 'json' } = query;
    const since = query.since === undefined ? undefined : positionOf(served, query.since);
    if (format === 'xlsx' && sizeOf({ unit, depth: 'all', ...(level !== undefined && { level }) }) > MOST_SHEET_ROWS)
      throw new ProblemError(
        'bad-parameter',
        `A workbook has at most ${MOST_SHEET_ROWS} rows: choose a level or a unit.`,
      );
    if (since && query.at !== undefined)
      throw new ProblemError(
        'bad-parameter',
        'Ask for a table at a position or for what changed since one, not for both.',
      );
    const at = await positionAsked(this.#desk, served, query.at, request, reply);
    if (at === null) return;
    const answer = async (view: View): Promise<void> => {
      const viewer = await this.#desk.viewer(request, view, unit);
      mustSeeTracks(viewer, [track]);
      if (isKnownToClient(request, reply, view, viewer, at)) return;
      const table = await tableAnswer(view, { contest, unit, level, track, since, sight: viewer.sight });
      const name = `${params.election}-${contest.id}.${format}`;
      if (format !== 'json') reply.header('content-disposition', `attachment; filename="${name}"`);
      if (format === 'csv') reply.type('text/csv; charset=utf-8').send(csvOf(table));
      else if (format === 'xlsx') reply.type(XLSX).send(await workbookOf(table));
      else reply.send(table);
    };
    await this.#desk.readingFor(request, unit, served, answer, at);
  }
}

function positionOf({ log }: ServedElection, text: string): Position {
  const position = parsePosition(text, log.shards);
  if (!position) throw new ProblemError('bad-position', '`since` is the `position` of an answer of this election.');
  return position;
}

/** An empty cell: nothing received, or not public. */
function csvOf({ columns, rows }: TableAnswer): string {
  return [columns, ...rows].map(csvLine).join('');
}

/** Text stays text: codes keep their zeros, and nothing is taken for a formula. */
function workbookOf({ columns, rows }: TableAnswer): Promise<Buffer> {
  const head = columns.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  const body = rows.map((row) =>
    row.map((value) =>
      value === null ? null : typeof value === 'number' ? { value, type: Number } : { value, type: String },
    ),
  );
  return writeExcelFile([head, ...body], { stickyRowsCount: 1 }).toBuffer();
}
