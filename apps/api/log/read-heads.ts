/** What a copy of the log needs beside its tiles: the heads that were kept, the definition, keys of stray records. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatRecordKeys } from '#transparency';
import { Desk } from '../http/desk.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { mustSeeEvents, signed } from './read-log.ts';

const shared = { method: 'GET', tag: 'audit', access: 'public', params: wire.electionParams } as const;
const DEFAULT_HEADS = 20;

const headsRoute = {
  ...shared,
  path: `${ELECTION}/log/heads`,
  summary: 'The election heads that were signed every few minutes and at certifications, the newest first',
  description: 'With the fingerprint of the results at that position, where it is public.',
  query: wire.headsQuery,
  answers: { 200: { description: 'Signed notes', schema: wire.keptHeads } },
  problems: ['unknown-election', 'bad-parameter', 'no-signing-key'],
} as const satisfies RouteSpec;

const definitionRoute = {
  ...shared,
  path: `${ELECTION}/log/definition`,
  summary: 'The definition, as its digest is over it',
  answers: { 200: { description: 'Canonical JSON (RFC 8785)', type: 'application/json' } },
  problems: ['unknown-election'],
} as const satisfies RouteSpec;

const recordKeysRoute = {
  ...shared,
  path: `${ELECTION}/log/record-keys`,
  summary: 'The records that lie under other keys than their events give',
  description: 'Seldom any. As the election head has their hash, of records before its position. With `publish.log`.',
  answers: { 200: { description: 'A line for each', type: 'application/x-ndjson' } },
  problems: ['unknown-election', 'not-public'],
} as const satisfies RouteSpec;

@Controller()
export class ReadHeads {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(headsRoute)
  async heads(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { election } = await this.#desk.election(readParams(headsRoute.params, request).election);
    const { limit } = readQuery(headsRoute.query, request);
    const { publicLog } = this.#desk.services;
    const { id } = election.definition;
    await signed(publicLog.key(id));
    const kept = await publicLog.tree(id).heads(limit === undefined ? DEFAULT_HEADS : Number(limit));
    const heads = kept.map(({ events, time, hasFingerprint, note }) => ({ events, time, hasFingerprint, note }));
    reply.header('cache-control', 'public, max-age=1').send({ heads });
  }

  @Handles(definitionRoute)
  async definition(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#desk.election(readParams(definitionRoute.params, request).election);
    const bytes = await this.#desk.services.elections.definitionBytes(served);
    reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', 'content-type': 'application/json' });
    reply.send(Buffer.from(bytes));
  }

  @Handles(recordKeysRoute)
  async recordKeys(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#desk.election(readParams(recordKeysRoute.params, request).election);
    const scope = await mustSeeEvents(this.#desk, request, served);
    const keys = await this.#desk.services.publicLog.tree(served.election.definition.id).recordKeys();
    reply.headers({ 'cache-control': `${scope}, max-age=1`, vary: 'Authorization' });
    reply.header('content-type', 'application/x-ndjson').send(formatRecordKeys(keys));
  }
}
