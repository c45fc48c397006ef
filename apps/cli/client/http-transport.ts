/** Requests to a running server: the bearer token, problems in words (RFC 9457), NDJSON as it arrives. */
import type { Problem } from '#wire';
import { CliError, refused, unreachable, wrongUsage } from '../errors.ts';

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface Body {
  readonly type: 'application/json' | 'application/x-ndjson' | 'application/zip';
  readonly content: string | Uint8Array;
}

/** The server answered, and not with what was asked for. */
export class ServerProblem extends CliError {
  readonly status: number;
  /** Last part of the problem's type, e.g. `unknown-contest`. */
  readonly code: string;
  readonly problem: Problem & Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Problem & Readonly<Record<string, unknown>>) {
    super(status >= 500 || status === 429 ? 3 : 1, wordsOf(problem));
    this.name = 'ServerProblem';
    this.status = status;
    this.code = problem.type.split('/').at(-1) ?? '';
    this.problem = problem;
  }
}

function wordsOf({ title, detail, errors }: Problem): string {
  const listed = (errors ?? [])
    .slice(0, 50)
    .map(({ pointer, message }) => `\n  ${pointer === '' ? '' : `${pointer}: `}${message}`);
  return `${title}: ${detail ?? ''}${listed.join('')}`;
}

export class Transport {
  /** Of the server. */
  readonly address: string;
  readonly token: string | undefined;
  readonly #base: string;

  constructor(url: string, token: string | undefined) {
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw wrongUsage(`--url ${url}: give an address such as http://127.0.0.1:3000.`);
    this.address = url.replace(/\/+$/, '');
    this.#base = `${this.address}/api/v1`;
    this.token = token === '' ? undefined : token;
  }

  async json<T>(method: 'GET' | 'POST' | 'DELETE', path: string, query: Query = {}, body?: unknown): Promise<T> {
    const sent = body === undefined ? undefined : { type: 'application/json' as const, content: JSON.stringify(body) };
    const response = await this.send(method, path, query, sent);
    return this.#reading(async () => (await response.json()) as T);
  }

  /** An answer's bytes as they arrive. */
  async *bytes(path: string, query: Query): AsyncGenerator<Uint8Array> {
    yield* this.#chunks(await this.send('GET', path, query));
  }

  /** The lines of an NDJSON answer as they arrive. Throws where the connection is lost before the end. */
  async *lines(response: Response): AsyncGenerator<unknown> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of this.#chunks(response)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') yield this.#parse(line);
    }
    if (rest.trim() !== '') yield this.#parse(rest);
  }

  async *#chunks({ body }: Response): AsyncGenerator<Uint8Array> {
    if (!body) return;
    try {
      yield* body;
    } catch (error) {
      throw this.#lost(error);
    }
  }

  /** The answer, where it is one that was asked for; throws `ServerProblem`, and `CliError` 3 without an answer. */
  async send(method: 'GET' | 'POST' | 'DELETE', path: string, query: Query = {}, body?: Body): Promise<Response> {
    const response = await this.#reading(() =>
      fetch(this.#base + path + searchOf(query), {
        method,
        headers: {
          ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
          ...(body && { 'content-type': body.type }),
        },
        ...(body && { body: body.content }),
      }),
    );
    if (response.ok) return response;
    throw new ServerProblem(response.status, await problemOf(response));
  }

  #parse(line: string): unknown {
    try {
      return JSON.parse(line);
    } catch (error) {
      throw refused(
        `${this.#base} does not answer as a Tally server does (${error instanceof Error ? error.message : error}).`,
      );
    }
  }

  async #reading<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (error instanceof SyntaxError)
        throw refused(`${this.#base} does not answer as a Tally server does (${error.message}).`);
      throw this.#lost(error);
    }
  }

  #lost(error: unknown): CliError {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why =
      cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : String(cause);
    return unreachable(`Cannot reach ${this.#base}: ${why}`, error);
  }
}

function searchOf(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function problemOf(response: Response): Promise<Problem & Readonly<Record<string, unknown>>> {
  const text = await response.text();
  const bare = {
    type: 'about:blank',
    title: `The server answered ${response.status}`,
    status: response.status,
    detail: text.slice(0, 200),
  };
  if (!response.headers.get('content-type')?.includes('json')) return bare;
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === 'object' && problem !== null && 'title' in problem && 'type' in problem
      ? (problem as Problem & Readonly<Record<string, unknown>>)
      : bare;
  } catch (error) {
    return { ...bare, detail: `${text.slice(0, 200)} (${error instanceof Error ? error.message : 'not JSON'})` };
  }
}
