/** What api and gateway work with, whatever the adapters: handed in by the composition root. */
import type { Accounts, Freezes } from '#access';
import type { Election } from '#domain';
import type { Intake } from '#intake';
import type { PublicLog } from '#log-tree';
import type { Elections, Projection } from '#projection';
import type { ReadModels } from '#read-model';
import type { Verifier } from '#transparency';
import type { ProcessRole } from '#wire';

export interface Services {
  readonly elections: Elections;
  readonly models: ReadModels;
  readonly projection: Projection;
  readonly intake: Intake;
  readonly accounts: Accounts;
  readonly freezes: Freezes;
  readonly publicLog: PublicLog;
  readonly processes: Processes;
  /** When election heads are signed and kept, where that is not as usual. */
  readonly headTiming?: Partial<HeadTiming>;
  /** The witnesses that are asked to cosign the log; none where it is left out. */
  readonly witnesses?: readonly WitnessAddress[];
  /** How they are asked, where that is not as usual. */
  readonly witnessTiming?: Partial<WitnessTiming>;
  /** Told of faults that nobody waits for an answer to. */
  readonly report?: (error: unknown) => void;
}

/** A process of the installation, as it said last. */
export interface KnownProcess {
  /** Host and process id. */
  readonly id: string;
  readonly role: ProcessRole;
  readonly startedAt: Date;
  readonly heardAt: Date;
  /** Of the election asked for: those that it folds. */
  readonly shards: readonly number[];
  /** Of its live feed; null where it has none. */
  readonly clients: number | null;
}

/** The processes of the installation, this one among them. */
export interface Processes {
  /** How the clients of this process are counted. */
  countClients(count: () => number): void;
  list(election: Election): Promise<readonly KnownProcess[]>;
}

/** All in milliseconds. */
export interface HeadTiming {
  /** How often the logs are looked at. */
  readonly lookMs: number;
  /** A head is signed once a log has rested for so long, … */
  readonly restMs: number;
  /** … and at least so often while it grows. */
  readonly everyMs: number;
}

/** A witness that speaks C2SP tlog-witness. */
export interface WitnessAddress {
  /** Its submission prefix, without a slash at the end. */
  readonly url: string;
  readonly verifier: Verifier;
  /** The same as text. */
  readonly key: string;
}

/** All in milliseconds. */
export interface WitnessTiming {
  /** How often it is looked whether there is something to cosign. */
  readonly lookMs: number;
  /** So long a witness may take to answer. */
  readonly deadlineMs: number;
  /** After a failure it is asked again, at first after so long. */
  readonly againMs: number;
}

/** Token of `Services` for injection. */
export const SERVICES = Symbol('SERVICES');

/** Limits of a server; generous by default, tightened by configuration. */
export interface Limits {
  /** Requests a second and address without an account. */
  readonly publicPerSecond: number;
  /** Requests a second and account. */
  readonly accountPerSecond: number;
  /** Wrong tokens a minute and address. */
  readonly failedLoginsPerMinute: number;
  readonly connections: number;
  readonly socketsPerAddress: number;
  /** How long a client of the live feed may take to say what it came for, and to answer a ping; it is pinged as often. */
  readonly socketPatienceMs: number;
  /** Proxies in front that name the client's address in `X-Forwarded-For`. */
  readonly proxies: number;
}

export const DEFAULT_LIMITS: Limits = {
  publicPerSecond: 2_000,
  accountPerSecond: 10_000,
  failedLoginsPerMinute: 300,
  connections: 20_000,
  socketsPerAddress: 5_000,
  socketPatienceMs: 20_000,
  proxies: 0,
};

export const LIMITS = Symbol('LIMITS');
