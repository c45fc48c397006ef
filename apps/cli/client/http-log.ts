/** The public log of an election on a running server, as copies are taken from it. */
import { ExportError } from '#documents';
import { type LogSource, MirrorError, type MirrorOptions, type MirrorOutcome, mirror } from '#mirror';
import type { ElectionsAnswer } from '#wire';
import { refused, unreachable, wrongUsage } from '../errors.ts';
import { ServerProblem, Transport } from './http-transport.ts';

const NOT_PUBLIC = 403;
const NOT_FOUND = 404;

export class HttpLog implements LogSource {
  readonly address: string;
  readonly #transport: Transport;
  readonly #base: string;

  constructor(server: string, election: string, token?: string) {
    this.#transport = new Transport(server, token);
    this.#base = `/elections/${encodeURIComponent(election)}/`;
    this.address = server;
  }

  read(path: string, query: Readonly<Record<string, string>> = {}): Promise<Uint8Array | null> {
    return this.#unless([NOT_PUBLIC], path, query);
  }

  find(path: string): Promise<Uint8Array | null> {
    return this.#unless([NOT_PUBLIC, NOT_FOUND], path, {});
  }

  /** null where the answer is one of those. */
  async #unless(statuses: readonly number[], path: string, query: Readonly<Record<string, string>>) {
    const parts: Uint8Array[] = [];
    try {
      for await (const part of this.stream(path, query)) parts.push(part);
    } catch (error) {
      if (!(error instanceof ServerProblem) || !statuses.includes(error.status)) throw error;
      if (error.problem.freeze) throw unreachable(error.message);
      return null;
    }
    return Buffer.concat(parts);
  }

  stream(path: string, query: Readonly<Record<string, string>> = {}): AsyncIterable<Uint8Array> {
    return this.#transport.bytes(this.#base + path, query);
  }
}

/** `mirror`, with what it refuses in words for the user. */
export async function mirrorFrom(source: LogSource, options: MirrorOptions): Promise<MirrorOutcome> {
  try {
    return await mirror(source, options);
  } catch (error) {
    if (error instanceof MirrorError) throw refused(`${error.message} [${error.code}]`);
    if (error instanceof ExportError) throw refused(error.message);
    throw error;
  }
}

export interface Place {
  /** Address of the server. */
  readonly server: string;
  readonly election: string;
}

/**
 * The server and election that an address names: one of the API or of a page of the election; or the server's, where
 * there is one election only, or it is named.
 */
export async function placeOf(address: string, named: string | undefined): Promise<Place> {
  const url = new URL(address);
  const api = /^(.*)\/api\/v1\/elections\/([^/]+)/.exec(url.pathname);
  const page = /^\/[a-z]{2}\/([^/]+)/.exec(url.pathname);
  const server = api ? `${url.origin}${api[1]}` : page ? url.origin : url.origin + url.pathname.replace(/\/+$/, '');
  const told = api?.[2] ?? page?.[1];
  if (told !== undefined) return { server, election: decodeURIComponent(told) };
  if (named !== undefined) return { server, election: named };
  const { elections } = await new Transport(server, undefined).json<ElectionsAnswer>('GET', '/elections');
  const [only, ...others] = elections;
  if (!only) throw refused(`There is no election at ${server}.`);
  if (others.length === 0) return { server, election: only.id };
  throw wrongUsage(
    `There are ${elections.length} elections at ${server}: name one with --election (${elections.map(({ id }) => id).join(', ')}).`,
  );
}
