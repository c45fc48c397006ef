/**
 * Bodies of requests: read here rather than by Fastify, so that size, time and UTF-8 are ours to judge and numbers are
 * seen as they were written. JSON arrives as text, a package as bytes, a batch as the stream itself.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problems.ts';

/** An event has 65,535 bytes; a body that carries one has no more. */
export const JSON_BYTES = 65_536;
export const PACKAGE_BYTES = 256 * 1024 * 1024;
const JSON_MS = 15_000;
const PACKAGE_MS = 300_000;

export class TextBody {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class PackageBody {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Newline-delimited JSON, not read yet. */
export class LinesBody {
  readonly stream: IncomingMessage;
  constructor(stream: IncomingMessage) {
    this.stream = stream;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function registerBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const json = async (request: FastifyRequest, stream: IncomingMessage): Promise<TextBody> =>
    new TextBody(decode(await readAll(request, stream, JSON_BYTES, JSON_MS)));
  const zip = async (request: FastifyRequest, stream: IncomingMessage): Promise<PackageBody> =>
    new PackageBody(await readAll(request, stream, PACKAGE_BYTES, PACKAGE_MS));
  const lines = async (request: FastifyRequest, stream: IncomingMessage): Promise<LinesBody> => {
    mustBePlain(request);
    return new LinesBody(stream);
  };
  fastify.addContentTypeParser('application/json', json);
  fastify.addContentTypeParser(['application/zip', 'application/x-zip-compressed'], zip);
  fastify.addContentTypeParser(['application/x-ndjson', 'application/ndjson', 'application/jsonl'], lines);
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProblemError('bad-utf8');
  }
}

function mustBePlain(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new ProblemError(
      'unsupported-media-type',
      `Bodies are taken as they are, not encoded as ${encoding.slice(0, 40)}.`,
    );
}

/** The whole body; refuses what is too large without reading on, and what does not arrive in time. */
function readAll(request: FastifyRequest, stream: IncomingMessage, limit: number, ms: number): Promise<Buffer> {
  mustBePlain(request);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => refuse(new ProblemError('timeout', { headers: { connection: 'close' } })), ms);
    const finish = (): void => {
      clearTimeout(timer);
      stream.off('data', take).off('end', end).off('close', cut).off('error', cut);
    };
    const refuse = (error: Error): void => {
      finish();
      stream.on('error', ignoreLateError).resume();
      reject(error);
    };
    const tooLarge = (): void =>
      refuse(
        new ProblemError('too-large', {
          detail: `The body has more than ${limit} bytes.`,
          headers: { connection: 'close' },
        }),
      );
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) tooLarge();
      else chunks.push(chunk);
    };
    const end = (): void => {
      finish();
      resolve(Buffer.concat(chunks));
    };
    const cut = (): void => refuse(new ProblemError('malformed-request', 'The body ended early.'));
    if (Number(request.headers['content-length'] ?? 0) > limit) {
      tooLarge();
      return;
    }
    stream.on('data', take).on('end', end).on('close', cut).on('error', cut);
  });
}

/** The request is answered already; that its sender goes away is no news. */
function ignoreLateError(): undefined {
  return undefined;
}
