/** An election night to look at: the Vietnamese template as a rehearsal (four levels, eight polling areas), on a real server. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ElectionClient } from '../services/election-client.ts';
import { runTally } from '../services/tally-command.ts';
import { TallyServer } from '../services/tally-server.ts';

/** What `election.json` of the template is changed to; a function is asked right before it is opened. */
export type Changes = Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>);

/** Everything is told to everybody at once, as a rehearsal may. */
export const OPEN_TO_ALL = {
  publish: { progress: 'always', turnout: 'always', results: 'always', log: 'always', lowestLevel: 'station' },
};

export class Night {
  readonly folder: string;
  server: TallyServer;
  readonly client: ElectionClient;

  private constructor(folder: string, server: TallyServer, client: ElectionClient) {
    this.folder = folder;
    this.server = server;
    this.client = client;
  }

  static async begin(changes: Changes = {}): Promise<Night> {
    const folder = await mkdtemp(join(tmpdir(), 'tally-night-'));
    const pack = join(folder, 'package');
    const made = await runTally(['init', pack, '--template', 'vietnam-2021']);
    if (made.code !== 0) throw new Error(made.err);
    const server = await TallyServer.start({ data: join(folder, 'data') });
    try {
      const file = join(pack, 'election.json');
      const given = typeof changes === 'function' ? changes() : changes;
      const election = { ...JSON.parse(await readFile(file, 'utf8')), ...given };
      await writeFile(file, JSON.stringify(election, null, 2));
      const opened = { election: election.id, folder: pack, root: '09' };
      return new Night(folder, server, await ElectionClient.open(server.url, server.token!, opened));
    } catch (error) {
      await server.kill();
      throw error;
    }
  }

  get election(): string {
    return this.client.election;
  }

  /** Starts it again at the same address, after it ended. */
  async restart(): Promise<void> {
    const { port } = this.server;
    this.server = await TallyServer.start({ data: join(this.folder, 'data'), port });
  }

  async end(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A sheet of the National Assembly's contest (three seats, five candidates) that breaks no rule. */
export function sheetOf(
  station: string,
  registered: number,
  votes: readonly [number, number, number, number, number],
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const sum = votes.reduce((a, b) => a + b);
  const valid = Math.max(...votes, Math.ceil(sum / 2));
  const voted = valid + 12;
  if (voted > registered) throw new Error(`${station} has ${registered} voters, not ${voted}`);
  return {
    station,
    contest: 'na-1',
    fields: { C: registered, V: voted, P: voted, R: voted, H: valid, K: 12 },
    votes: Object.fromEntries(votes.map((count, i) => [String(i + 1), count])),
    via: 'paper',
    ...more,
  };
}
