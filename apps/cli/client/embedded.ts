/** The client that owns a data folder and does everything in this process. */
import { existsSync } from 'node:fs';
import type { ServedElection } from '#projection';
import { type Installation, openEmbedded } from '../../standalone/embedded.ts';
import { refused, unreachable } from '../errors.ts';
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
import { EmbeddedElection } from './embedded-election.ts';
import { FaultWatch } from './fault-watch.ts';
import { type Identity, identityOf } from './identity.ts';

export interface EmbeddedClientOptions {
  readonly folder: string;
  /** Make the folder where there is none. */
  readonly create: boolean;
  /** What runs, for others that ask who owns the folder. */
  readonly command: string;
  /** Act as the account of this token, not as the local operator. */
  readonly token: string | undefined;
  /** Called while the projection reads up to the log's end. */
  readonly onCatchUp: (done: number, total: number) => void;
}

export async function openEmbeddedClient(options: EmbeddedClientOptions): Promise<Client> {
  const { folder, create, command, token } = options;
  if (!create && !existsSync(folder))
    throw unreachable(
      `There is no data folder ${folder}: open an election first, or name another with --data or --url.`,
    );
  const faults = new FaultWatch();
  const installation = await openEmbedded(folder, { command, projector: { onFault: faults.onFault } });
  try {
    const identity = await identityOf(installation.accounts, token);
    return new EmbeddedClient(installation, identity, faults, options.onCatchUp);
  } catch (error) {
    await installation.close();
    throw error;
  }
}

class EmbeddedClient implements Client {
  readonly #installation: Installation;
  readonly #identity: Identity;
  readonly #faults: FaultWatch;
  readonly #onCatchUp: EmbeddedClientOptions['onCatchUp'];

  constructor(
    installation: Installation,
    identity: Identity,
    faults: FaultWatch,
    onCatchUp: EmbeddedClientOptions['onCatchUp'],
  ) {
    this.#installation = installation;
    this.#identity = identity;
    this.#faults = faults;
    this.#onCatchUp = onCatchUp;
  }

  async open(pack: PackageToSend): Promise<OpenedAnswer> {
    const { elections, projector } = this.#installation;
    const answer = await elections.open(pack, this.#identity.opener(pack.rootUnit), new Date());
    if (answer.outcome === 'other-package')
      throw refused(
        `Election ${pack.id} is open with another package (digest ${answer.digest ?? 'unknown'}); this one is ${pack.digest}. Give it another id.`,
      );
    await projector.serve(answer.served);
    await this.#caughtUp(answer.served);
    return { opened: answer.outcome === 'opened' };
  }

  async election(id: string): Promise<ElectionClient> {
    const { elections, logs } = this.#installation;
    const served = await elections.find(id);
    if (!served) throw refused(unknownName('election', id, (await logs.elections()).sort()));
    await this.#caughtUp(served);
    return new EmbeddedElection({
      installation: this.#installation,
      identity: this.#identity,
      served,
      untilDone: (isDone) => this.#faults.until(isDone),
    });
  }

  /** Until the read model has all that the log holds now. */
  async #caughtUp({ log, election }: ServedElection): Promise<void> {
    const model = await this.#installation.projector.model(election.definition.id);
    if (!model) throw new Error(`the read model of ${election.definition.id} is not projected`);
    const shards = Array.from({ length: log.shards }, (_, shard) => shard);
    const ends = await Promise.all(shards.map((shard) => log.end(shard)));
    const total = ends.reduce((sum, end) => sum + end, 0);
    await this.#faults.until(async () => {
      const at = await Promise.all(shards.map(async (shard) => (await model.checkpoint(shard)).offset));
      this.#onCatchUp(
        at.reduce((sum, offset) => sum + offset, 0),
        total,
      );
      return at.every((offset, shard) => offset >= ends[shard]!);
    });
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
