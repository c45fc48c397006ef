/** The client that works on an installation in this process: a data folder it owns, or the stores of a cluster. */
import type { ServedElection } from '#projection';
import type { Installation } from '../../server/installation.ts';
import { refused } from '../errors.ts';
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
import { DirectElection } from './direct-election.ts';
import { FaultWatch } from './fault-watch.ts';
import { type Identity, identityOf } from './identity.ts';

export interface DirectClientParts {
  readonly installation: Installation;
  readonly faults: FaultWatch;
  /** Act as the account of this token, not as the local operator. */
  readonly token: string | undefined;
  /** The folder of the keys that sign exports; undefined where none was named. */
  readonly keys: string | undefined;
  /** Called while the projection reads up to the log's end. */
  readonly onCatchUp: (done: number, total: number) => void;
}

/** Takes the installation over: it is closed with the client, and where the token is no good. */
export async function openDirectClient({
  installation,
  faults,
  token,
  keys,
  onCatchUp,
}: DirectClientParts): Promise<Client> {
  try {
    const identity = await identityOf(installation.accounts, token);
    return new DirectClient(installation, identity, faults, keys, onCatchUp);
  } catch (error) {
    await installation.close();
    throw error;
  }
}

class DirectClient implements Client {
  readonly #installation: Installation;
  readonly #identity: Identity;
  readonly #faults: FaultWatch;
  readonly #keys: string | undefined;
  readonly #onCatchUp: DirectClientParts['onCatchUp'];

  constructor(
    installation: Installation,
    identity: Identity,
    faults: FaultWatch,
    keys: string | undefined,
    onCatchUp: DirectClientParts['onCatchUp'],
  ) {
    this.#installation = installation;
    this.#identity = identity;
    this.#faults = faults;
    this.#keys = keys;
    this.#onCatchUp = onCatchUp;
  }

  async open(pack: PackageToSend): Promise<OpenedAnswer> {
    const { elections, projection } = this.#installation;
    const answer = await elections.open(pack, this.#identity.opener(pack.rootUnit), new Date());
    if (answer.outcome === 'other-package')
      throw refused(
        `Election ${pack.id} is open with another package (digest ${answer.digest ?? 'unknown'}); this one is ${pack.digest}. Give it another id.`,
      );
    await projection.serve(answer.served);
    await this.#caughtUp(answer.served);
    return { opened: answer.outcome === 'opened' };
  }

  async election(id: string): Promise<ElectionClient> {
    const { elections, logs } = this.#installation;
    const served = await elections.find(id);
    if (!served) throw refused(unknownName('election', id, (await logs.elections()).sort()));
    await this.#caughtUp(served);
    return new DirectElection({
      installation: this.#installation,
      identity: this.#identity,
      served,
      keys: this.#keys,
      untilDone: (isDone) => this.#faults.until(isDone),
    });
  }

  /** Until the read model has all that the log holds now. */
  async #caughtUp({ log, election }: ServedElection): Promise<void> {
    const model = await this.#installation.projection.model(election.definition.id);
    if (!model) throw new Error(`the read model of ${election.definition.id} is not projected`);
    const shards = Array.from({ length: log.shards }, (_, shard) => shard);
    const ends = await Promise.all(shards.map((shard) => log.end(shard)));
    const total = ends.reduce((sum, end) => sum + end, 0);
    let done = 0;
    const look = async (): Promise<boolean> => {
      const at = await Promise.all(shards.map(async (shard) => (await model.checkpoint(shard)).offset));
      done = at.reduce((sum, offset) => sum + offset, 0);
      this.#onCatchUp(done, total);
      return at.every((offset, shard) => offset >= ends[shard]!);
    };
    await this.#faults.until(look, () => done);
  }

  readonly tokens = {
    add: async ({ role, unit, name, election }: NewToken): Promise<AddedToken> => {
      const served = await this.#installation.elections.list();
      const inScope = election === null ? served : served.filter((one) => one.election.definition.id === election);
      if (election !== null && inScope.length === 0)
        throw refused(
          unknownName(
            'election',
            election,
            served.map((one) => one.election.definition.id),
          ),
        );
      if (!inScope.some((one) => one.election.unit(unit)))
        throw refused(
          unknownName(
            'unit',
            unit,
            inScope.flatMap((one) => one.election.units.map(({ code }) => code)),
          ),
        );
      this.#identity.mustManage(
        { unit, election },
        served.map((one) => one.election),
      );
      const { account, token } = await this.#installation.accounts.add({ role, unit, name, election });
      return { id: account.id, role: account.role, unit: account.unit, election: account.election, token };
    },
    list: async (only: string | null): Promise<readonly ListedToken[]> => {
      const elections = (await this.#installation.elections.list()).map((one) => one.election);
      const accounts = await this.#installation.accounts.list();
      return accounts.filter(
        (account) =>
          this.#identity.manages(account, elections) &&
          (only === null || account.election === null || account.election === only),
      );
    },
    revoke: async (id: string): Promise<boolean> => {
      const account = (await this.#installation.accounts.list()).find((one) => one.id === id);
      if (!account) return false;
      const elections = (await this.#installation.elections.list()).map((one) => one.election);
      this.#identity.mustManage(account, elections);
      return this.#installation.accounts.revoke(id);
    },
  };

  close(): Promise<void> {
    return this.#installation.close();
  }
}
