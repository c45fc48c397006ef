/** A running server over a temporary folder, with accounts and an open election: what specs talk to over HTTP. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '#domain';
import type { Services } from '../../api/index.ts';
import type { ServerOptions } from '../../server/http-server.ts';
import type { Installation } from '../../server/installation.ts';
import { openEmbedded } from '../embedded.ts';
import { type RunningServer, startServer } from '../server.ts';
import { type PackageOptions, packageZip } from './package.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: specs look into answers of every shape
  readonly json: any;
}

export interface Call {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly raw?: string | Uint8Array;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  readonly redirect?: 'manual';
}

export class Town {
  readonly installation: Installation;
  readonly server: RunningServer;
  readonly tokens: Readonly<Record<Role, string>>;
  readonly election: string;
  readonly #folder: string;

  private constructor(
    folder: string,
    installation: Installation,
    server: RunningServer,
    tokens: Record<Role, string>,
    election: string,
  ) {
    this.#folder = folder;
    this.installation = installation;
    this.server = server;
    this.tokens = tokens;
    this.election = election;
  }

  static async open(
    options: PackageOptions = {},
    server: Partial<ServerOptions> = {},
    services: Partial<Services> = {},
  ): Promise<Town> {
    const folder = await mkdtemp(join(tmpdir(), 'tally-town-'));
    const installation = { ...(await openEmbedded(folder, { command: 'spec' })), ...services };
    const tokens = {} as Record<Role, string>;
    for (const role of ['clerk', 'reviewer', 'verifier', 'certifier', 'manager', 'observer'] as const)
      tokens[role] = (await installation.accounts.add({ role, unit: null })).token;
    const running = await startServer(installation, { port: 0, pages: null, ...server });
    const town = new Town(folder, installation, running, tokens, options.id ?? 'town-rehearsal');
    const opened = await town.call('POST', '/api/v1/elections', {
      token: tokens.manager,
      raw: packageZip(options),
      type: 'application/zip',
    });
    if (opened.status !== 201) throw new Error(`not opened: ${opened.text}`);
    return town;
  }

  async call(
    method: string,
    path: string,
    { token = null, body, raw, type, headers = {}, redirect }: Call = {},
  ): Promise<Answer> {
    const url = path.startsWith('/') ? path : `/api/v1/elections/${this.election}${path === '' ? '' : `/${path}`}`;
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(this.server.url + url, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(sent !== undefined && { 'content-type': type ?? 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent as string }),
      ...(redirect && { redirect }),
    });
    const text = await response.text();
    const isJson =
      (response.headers.get('content-type') ?? '').includes('json') &&
      !(response.headers.get('content-type') ?? '').includes('ndjson');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  }

  get(path: string, role: Role | null = null, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('GET', path, { token: role && this.tokens[role], headers });
  }

  post(path: string, role: Role | null, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', path, { token: role && this.tokens[role], body, headers });
  }

  submit(sheet: Record<string, unknown>, role: Role | null = 'clerk'): Promise<Answer> {
    return this.post('sheets', role, sheet);
  }

  /** An act on a sheet, on what stands now. */
  async act(
    station: string,
    contest: string,
    act: string,
    role: Role,
    more: Record<string, unknown> = {},
  ): Promise<Answer> {
    const { json } = await this.get(`sheets/${station}/${contest}`, role);
    return this.post(
      `sheets/${station}/${contest}/${act}`,
      role,
      { id: randomUUID(), reason: 'spec', ...more },
      { 'if-match': json.etag },
    );
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.installation.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** A sheet of `mayor` (or another contest with the same fields). */
export function sheetOf(
  station: string,
  votes: Record<string, number>,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const valid = Math.max(1, ...Object.values(votes));
  const sum = Object.values(votes).reduce((a, b) => a + b, 0);
  return {
    id: randomUUID(),
    station,
    contest: 'mayor',
    expectedRevision: 0,
    fields: { V: sum + 10, H: Math.max(valid, sum) },
    votes,
    ...more,
  };
}
