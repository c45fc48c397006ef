/**
 * The public log: `GET …/log/…`, paths and formats as C2SP tlog-tiles and tlog-checkpoint have them. Hashes, checkpoints
 * and heads are for everybody at all times; the events themselves, in entry bundles, once `publish.log` lets them out.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { seesEverything } from '#domain';
import { TreeError, type TreeReads, verifierKeyOf } from '#log-tree';
import type { ServedElection, View } from '#projection';
import { encodeEntries, entryOf, formatKeys, parseTilePath, TILE_WIDTH, type TilePlace } from '#transparency';
import { Fingerprints } from '../audit/fingerprints.ts';
import { Desk, frozenProblem } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import * as wire from '../schemas.ts';

const NOTE = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
const FOREVER = 'max-age=31536000, immutable';
/** A head or checkpoint is of this moment; caches may hold it so long. */
const NEWEST = 'public, max-age=1';

const TREE_TRIES = 50;
const TREE_MS = 100;

const shared = { method: 'GET', tag: 'audit', access: 'public' } as const;

const headRoute = {
  ...shared,
  path: `${ELECTION}/log/head`,
  summary: 'The signed election head: all shards of the log at one moment',
  description: 'With `fingerprint=yes`, where all results are in sight, it names their fingerprint there.',
  params: wire.electionParams,
  query: wire.headQuery,
  answers: { 200: { description: 'A C2SP signed note', type: NOTE } },
  problems: ['unknown-election', 'bad-parameter', 'not-public', 'no-signing-key', 'unavailable'],
} as const satisfies RouteSpec;

const keyRoute = {
  ...shared,
  path: `${ELECTION}/log/key`,
  summary: 'The public key that signs the log, as a verifier key of the head, and how it came to that key',
  description:
    'The first line is the key. Where it was exchanged for another (`rotate`), the signed notes of all rotations follow, ' +
    'five lines each: the key until then names the next one.',
  params: wire.electionParams,
  answers: { 200: { description: 'A C2SP verifier key, one line; then C2SP signed notes', type: NOTE } },
  problems: ['unknown-election', 'no-signing-key'],
} as const satisfies RouteSpec;

const checkpointRoute = {
  ...shared,
  path: `${ELECTION}/log/:shard/checkpoint`,
  summary: 'The signed checkpoint of a shard: of this moment, or as it was at a size',
  params: wire.shardParams,
  query: wire.checkpointQuery,
  answers: { 200: { description: 'A C2SP checkpoint', type: NOTE } },
  problems: ['unknown-election', 'not-found', 'bad-parameter', 'no-signing-key'],
} as const satisfies RouteSpec;

const cosignedRoute = {
  ...shared,
  path: `${ELECTION}/log/:shard/cosigned`,
  summary: 'The newest checkpoint of a shard that witnesses cosigned, with their signatures',
  description:
    'Witnesses are asked to cosign what each kept head says, so while a log grows this is older than its checkpoint. ' +
    'Where both are of one size, the checkpoint has these signatures too.',
  params: wire.shardParams,
  answers: { 200: { description: 'A C2SP checkpoint with C2SP cosignatures', type: NOTE } },
  problems: ['unknown-election', 'not-found', 'no-signing-key'],
} as const satisfies RouteSpec;

const tileRoute = {
  ...shared,
  path: `${ELECTION}/log/:shard/tile/:level/*tile`,
  summary: 'A tile of hashes, or a bundle of events',
  description:
    'As C2SP tlog-tiles has them: `tile/<level>/<number>[.p/<width>]` and `tile/entries/<number>[.p/<width>]`. ' +
    'Bundles of events come out with `publish.log`. Neither ever changes.',
  params: wire.tileParams,
  answers: { 200: { description: 'Hashes, or entries behind their lengths', type: BYTES } },
  problems: ['unknown-election', 'not-found', 'not-public'],
} as const satisfies RouteSpec;

@Controller()
export class ReadLog {
  readonly #desk: Desk;
  readonly #fingerprints: Fingerprints;
  constructor(@Inject(Desk) desk: Desk, @Inject(Fingerprints) fingerprints: Fingerprints) {
    this.#desk = desk;
    this.#fingerprints = fingerprints;
  }

  @Handles(headRoute)
  async head(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#desk.election(readParams(headRoute.params, request).election);
    reply.header('content-type', NOTE);
    if (readQuery(headRoute.query, request).fingerprint)
      reply.header('cache-control', 'no-store').send(await signed(this.#headWithFingerprint(request, served)));
    else reply.header('cache-control', NEWEST).send(await signed(this.#log.head(served.election)));
  }

  #headWithFingerprint(request: FastifyRequest, served: ServedElection): Promise<string> {
    const { election } = served;
    return this.#desk.readingFor(request, election.root, served, async (view) => {
      const { sight } = await this.#desk.viewer(request, view, election.root);
      if (!seesEverything(election, sight))
        throw new ProblemError('not-public', 'The fingerprint is published with the results of all stations.');
      if (!(await this.#treesReach(served, view))) throw new ProblemError('unavailable');
      const fingerprint = await this.#fingerprints.at(view, undefined);
      return this.#log.head(election, { position: view.position, fingerprint });
    });
  }

  /** Trees are stored a few times a second: they come up to what was folded shortly. */
  async #treesReach({ election }: ServedElection, view: View): Promise<boolean> {
    for (let tries = 0; tries < TREE_TRIES; tries += 1) {
      if (await this.#log.reaches(election, view.position)) return true;
      await delay(TREE_MS);
    }
    return false;
  }

  @Handles(keyRoute)
  async key(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { election } = await this.#desk.election(readParams(keyRoute.params, request).election);
    const { id } = election.definition;
    const keys = await signed(this.#log.keys(id));
    const text = formatKeys(verifierKeyOf(id, keys), keys.rotations);
    reply.headers({ 'cache-control': NEWEST, 'content-type': NOTE }).send(text);
  }

  @Handles(checkpointRoute)
  async checkpoint(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { served, shard } = await this.#shard(readParams(checkpointRoute.params, request));
    const { id } = served.election.definition;
    const { size } = readQuery(checkpointRoute.query, request);
    const reads = await this.#log.reads(id, shard);
    if (size !== undefined && Number(size) > reads.size)
      throw new ProblemError('not-found', `Shard ${shard} has ${reads.size} events in its tree.`);
    // Of a size it never changes, so it can be kept: cosignatures, which come later, are beside the newest one only.
    const note = await signed(
      size === undefined
        ? this.#log.newestCheckpoint(id, shard, reads)
        : this.#log.checkpoint(id, shard, reads, Number(size)),
    );
    const kept = size === undefined ? NEWEST : `public, ${FOREVER}`;
    reply.headers({ 'cache-control': kept, 'content-type': NOTE }).send(note);
  }

  @Handles(cosignedRoute)
  async cosigned(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { served, shard } = await this.#shard(readParams(cosignedRoute.params, request));
    const { id } = served.election.definition;
    const note = await signed(this.#log.cosigned(id, shard, await this.#log.reads(id, shard)));
    if (note === null) throw new ProblemError('not-found', `No witness has cosigned shard ${shard}.`);
    reply.headers({ 'cache-control': NEWEST, 'content-type': NOTE }).send(note);
  }

  @Handles(tileRoute)
  async tile(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const tile = (request.params as Readonly<Record<string, string>>)['*'] ?? '';
    const params = readParams(tileRoute.params, { params: { ...(request.params as object), tile } } as FastifyRequest);
    const { served, shard } = await this.#shard(params);
    const asked = parseTilePath(`tile/${params.level}/${params.tile}`);
    if (!asked) throw noTile();
    const reads = await this.#log.reads(served.election.definition.id, shard);
    if (asked.level === 'entries') {
      const end = asked.index * TILE_WIDTH + asked.width;
      const scope = await mustSeeEvents(this.#desk, request, served, { shard, end });
      const bytes = await entriesOf(served, shard, reads, { ...asked, level: 0 });
      reply
        .headers({ 'cache-control': `${scope}, ${FOREVER}`, vary: 'Authorization', 'content-type': BYTES })
        .send(bytes);
      return;
    }
    const bytes = await reads.tile({ ...asked, level: asked.level });
    if (!bytes) throw noTile();
    reply.headers({ 'cache-control': `public, ${FOREVER}`, 'content-type': BYTES }).send(Buffer.from(bytes));
  }

  get #log() {
    return this.#desk.services.publicLog;
  }

  async #shard(params: { election: string; shard: string }): Promise<{ served: ServedElection; shard: number }> {
    const served = await this.#desk.election(params.election);
    const shard = Number(params.shard);
    if (shard >= served.log.shards) throw new ProblemError('not-found', `There is no shard ${shard}.`);
    return { served, shard };
  }
}

/**
 * Throws where the viewer does not see events, while publication is frozen those up to the end of a bundle, or at all;
 * else who may keep the answer.
 */
export async function mustSeeEvents(
  desk: Desk,
  request: FastifyRequest,
  served: ServedElection,
  bundle?: { readonly shard: number; readonly end: number },
): Promise<'public' | 'private'> {
  const { root } = served.election;
  return desk.readingFor(request, root, served, async (view) => {
    const { sight, isPublic } = await desk.viewer(request, view, root);
    if (!sight.log) throw new ProblemError('not-public', 'Events are public once the log is; their hashes are.');
    if (view.freeze && isPublic && !(bundle && bundle.end <= view.position[bundle.shard]!))
      throw frozenProblem(view.freeze);
    return isPublic ? 'public' : 'private';
  });
}

/** A bundle of records that the tree has. */
async function entriesOf(served: ServedElection, shard: number, reads: TreeReads, place: TilePlace): Promise<Buffer> {
  if (!(await reads.tile(place))) throw noTile();
  const entries: Uint8Array[] = [];
  for (const from = place.index * TILE_WIDTH; entries.length < place.width; ) {
    const maxRecords = place.width - entries.length;
    const records = await served.log.read(shard, from + entries.length, { maxRecords });
    if (records.length === 0) throw new ProblemError('unavailable');
    for (const { value } of records) entries.push(entryOf(value));
  }
  return Buffer.from(encodeEntries(entries));
}

function noTile(): ProblemError {
  return new ProblemError('not-found', 'The log has no such tile, or not so many hashes yet.');
}

/** What is signed; or that there is no key to sign with. */
export async function signed<T>(signing: Promise<T>): Promise<T> {
  try {
    return await signing;
  } catch (error) {
    if (error instanceof TreeError && error.code === 'no-key') throw new ProblemError('no-signing-key');
    throw error;
  }
}
