/** What answers that list all of an area share. */
import type { FastifyRequest } from 'fastify';
import type { Unit } from '#domain';
import type { ServedElection } from '#projection';
import { accountOf } from '../http/authentication.ts';

/** The unit of the account that asks; the root where it has none. */
export function ownArea(request: FastifyRequest, { election }: ServedElection): Unit {
  const own = accountOf(request)?.unit;
  return (own && election.unit(own)) || election.root;
}

const CHUNK = 65_536;

/** Parts gathered into chunks worth sending; the next ones are made when those have left. */
export async function* inChunks(head: string, tail: string, parts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let chunk = head;
  for await (const part of parts) {
    chunk += part;
    if (chunk.length < CHUNK) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  yield Buffer.from(chunk + tail);
}
