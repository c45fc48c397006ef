/** The client of a running server (contracts §5). */
import type { ElectionAnswer, ElectionsAnswer } from '#wire';
import { refused, wrongUsage } from '../errors.ts';
import { unknownName } from '../suggest.ts';
import type {
  AddedToken,
  Client,
  ElectionClient,
  ListedToken,
  NewToken,
  OpenedAnswer,
  PackageToSend,
} from './client.ts';
import { HttpElection } from './http-election.ts';
import { ServerProblem, Transport } from './http-transport.ts';
import { zippedPackage } from './zipped-package.ts';

export function openHttpClient(url: string, token: string | undefined): Client {
  return new HttpClient(new Transport(url, token));
}

class HttpClient implements Client {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async open({ path, id, digest }: PackageToSend): Promise<OpenedAnswer> {
    const content = await zippedPackage(path);
    const response = await this.#transport.send('POST', '/elections', {}, { type: 'application/zip', content });
    const { outcome, definition } = (await response.json()) as { outcome: string; definition: string };
    if (definition !== digest)
      throw refused(
        `The server opened ${id} as definition ${definition}, here it is ${digest}: are the two of one version?`,
      );
    return { opened: outcome === 'opened' };
  }

  async election(id: string): Promise<ElectionClient> {
    try {
      return new HttpElection(
        this.#transport,
        await this.#transport.json<ElectionAnswer>('GET', `/elections/${encodeURIComponent(id)}`),
      );
    } catch (error) {
      if (!(error instanceof ServerProblem) || error.status !== 404) throw error;
      throw refused(unknownName('election', id, await this.#elections()));
    }
  }

  async #elections(): Promise<string[]> {
    const { elections } = await this.#transport.json<ElectionsAnswer>('GET', '/elections');
    return elections.map(({ id }) => id);
  }

  readonly tokens = {
    add: async ({ role, unit, name, election }: NewToken): Promise<AddedToken> => {
      const path = await this.#tokens(election);
      const body = { role, unit, ...(name !== null && { name }) };
      const { id, token, ...made } = await this.#transport.json<AddedToken>('POST', path, {}, body);
      return { id, role: made.role, unit: made.unit, election: made.election, token };
    },
    list: async (election: string | null): Promise<readonly ListedToken[]> => {
      const { accounts } = await this.#transport.json<{ accounts: ListedToken[] }>('GET', await this.#tokens(election));
      return accounts;
    },
    revoke: async (id: string, election: string | null): Promise<boolean> => {
      try {
        await this.#transport.send('DELETE', `${await this.#tokens(election)}/${encodeURIComponent(id)}`);
        return true;
      } catch (error) {
        if (error instanceof ServerProblem && error.status === 404) return false;
        throw error;
      }
    },
  };

  /** A server keeps accounts by election; where it has one only, it need not be named. */
  async #tokens(election: string | null): Promise<string> {
    const elections = await this.#elections();
    const id = election ?? (elections.length === 1 ? elections[0]! : null);
    if (id === null)
      throw wrongUsage(`Name the election with --election: the server has ${elections.join(', ') || 'none'}.`);
    if (!elections.includes(id)) throw refused(unknownName('election', id, elections));
    return `/elections/${encodeURIComponent(id)}/tokens`;
  }

  async close(): Promise<void> {
    return undefined;
  }
}
