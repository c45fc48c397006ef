/** A witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, and `GET /<origin hash>/checkpoint` for monitors. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIZE_TYPE } from '#transparency';
import type { Outcome, Witness } from '#witness';

export interface WitnessServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Told of every checkpoint that was answered. */
  readonly onOutcome: (outcome: Outcome) => Promise<void>;
  /** Told of what failed here; it is answered with 500. */
  readonly onFault: (error: unknown) => void;
}

export interface WitnessServer {
  readonly url: string;
  /** Answers what is under way. */
  close(): Promise<void>;
}

/** 63 hashes and a note with a dozen signatures take a fraction of it. */
const MOST_BYTES = 64 * 1024;
const REQUEST_MS = 10_000;
const CONNECTIONS = 1_000;
const TEXT = 'text/plain; charset=utf-8';

const STATUS: Readonly<Record<Outcome['kind'], number>> = {
  cosigned: 200,
  malformed: 400,
  'unknown-log': 404,
  'not-signed': 403,
  'other-size': 409,
  'not-proved': 422,
  forked: 422,
};

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/** Rejects where the address can't be listened at. */
export async function serveWitness(witness: Witness, options: WitnessServerOptions): Promise<WitnessServer> {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    answerTo(witness, request, options)
      .catch((error: unknown): Answer => {
        options.onFault(error);
        return { status: 500, body: 'this witness can not work now\n' };
      })
      .then((answer) => send(response, answer));
  });
  server.maxConnections = CONNECTIONS;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function listen(server: Server, { host, port }: WitnessServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answerTo(witness: Witness, request: IncomingMessage, options: WitnessServerOptions): Promise<Answer> {
  const [path] = (request.url ?? '').split('?');
  if (path === '/add-checkpoint') return request.method === 'POST' ? add(witness, request, options) : wrongMethod();
  const [, hash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path ?? '') ?? [];
  if (hash !== undefined && request.method !== 'GET') return wrongMethod();
  const note = hash === undefined ? undefined : witness.checkpoint(hash);
  return note === undefined ? { status: 404, body: 'there is nothing here\n' } : { status: 200, body: note };
}

function wrongMethod(): Answer {
  return { status: 405, body: 'not by this method\n' };
}

async function add(witness: Witness, request: IncomingMessage, options: WitnessServerOptions): Promise<Answer> {
  const body = await bodyOf(request);
  if (body === null) return { status: 413, body: `more than ${MOST_BYTES} bytes\n` };
  const outcome = await witness.addCheckpoint(body);
  await options.onOutcome(outcome);
  const status = STATUS[outcome.kind];
  if (outcome.kind === 'cosigned') return { status, body: outcome.line };
  if (outcome.kind === 'other-size') return { status, body: `${outcome.size}\n`, type: SIZE_TYPE };
  return { status, body: `${outcome.why}\n` };
}

/** null where it is too long; it is read to its end even so, or the answer would not arrive. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  }
  return bytes > MOST_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, body, type = TEXT }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
