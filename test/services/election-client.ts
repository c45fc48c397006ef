/** Talks to a running server over HTTP as clerks and others do. */
import { randomUUID } from 'node:crypto';
import type { Role } from '#domain';
import { linesOf } from './streamed.ts';
import { runTally } from './tally-command.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: specs look into answers of every shape
  readonly json: any;
}

/** Of the answer to a replay: how far it is, or what it found. */
export interface ReplayLine {
  readonly done?: number;
  readonly total?: number;
  readonly report?: Reply['json'];
}

export class ElectionClient {
  readonly election: string;
  readonly tokens: Readonly<Partial<Record<Role, string>>>;
  /** Of the server; another one after a restart elsewhere. */
  url: string;

  constructor(url: string, election: string, tokens: Partial<Record<Role, string>>) {
    this.url = url;
    this.election = election;
    this.tokens = tokens;
  }

  /** Opens a package with the first manager's token and makes an account for each role. */
  static async open(
    url: string,
    manager: string,
    opened: { readonly election: string; readonly folder: string; readonly root: string },
    roles: readonly Role[] = ['clerk', 'reviewer', 'verifier', 'certifier', 'observer'],
  ): Promise<ElectionClient> {
    const { code, err } = await runTally(['--url', url, 'open', opened.folder], { env: { TALLY_TOKEN: manager } });
    if (code !== 0) throw new Error(`not opened: ${err}`);
    const tokens: Partial<Record<Role, string>> = { manager };
    const client = new ElectionClient(url, opened.election, tokens);
    for (const role of roles)
      tokens[role] = (await client.ask('POST', 'tokens', 'manager', { role, unit: opened.root })).json.token;
    return client;
  }

  async ask(method: string, path: string, role: Role | null = null, body?: unknown, ifMatch?: string): Promise<Reply> {
    const response = await fetch(`${this.url}/api/v1/elections/${this.election}/${path}`, {
      method,
      headers: {
        ...(role && { authorization: `Bearer ${this.tokens[role]}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch && { 'if-match': ifMatch }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) };
  }

  /** Sends a sheet; throws unless it was taken in (or recorded as an attempt, where that is what is asked for). */
  async submit(sheet: Readonly<Record<string, unknown>>, status: number = 201): Promise<Reply> {
    const reply = await this.ask('POST', 'sheets', 'clerk', { id: randomUUID(), expectedRevision: 0, ...sheet });
    if (reply.status !== status) throw new Error(`${reply.status}: ${JSON.stringify(reply.json)}`);
    return reply;
  }

  /** An act on a sheet as it stands now. */
  async act(place: string, act: string, role: Role, reason = 'as the board decided'): Promise<Reply> {
    const { json } = await this.ask('GET', `sheets/${place}`, role);
    const reply = await this.ask('POST', `sheets/${place}/${act}`, role, { id: randomUUID(), reason }, json.etag);
    if (reply.status !== 200) throw new Error(`${reply.status}: ${JSON.stringify(reply.json)}`);
    return reply;
  }

  /**
   * Rebuilds beside the live model and compares; `midway` is called once it has got somewhere. Resolves with the last
   * that the server said of it, which is the report unless it died.
   */
  async replay(midway: () => Promise<void>): Promise<ReplayLine> {
    const response = await fetch(`${this.url}/api/v1/elections/${this.election}/replay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.tokens.manager}`, 'content-type': 'application/json' },
      body: '{}',
    });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    let last: ReplayLine = {};
    let isMidway = false;
    for await (const line of linesOf(response)) {
      last = JSON.parse(line);
      if (isMidway || !last.done) continue;
      isMidway = true;
      await midway();
    }
    if (!isMidway) throw new Error(`the replay was over before it was seen to begin: ${JSON.stringify(last)}`);
    return last;
  }

  /** `GET /results/{unit}` as the public sees it. */
  async results(unit: string, contest: string, below = ''): Promise<Reply['json']> {
    return (await this.ask('GET', `results/${unit}${below}?contest=${contest}&track=provisional`)).json;
  }
}
