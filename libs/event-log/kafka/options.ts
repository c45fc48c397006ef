/** Where the brokers are, how to speak to them, and how safely they keep the log. */
export interface KafkaOptions {
  /** Some brokers, `host:port`; the others are learnt from them. */
  readonly brokers: readonly string[];
  readonly tls?: TlsOptions;
  readonly sasl?: SaslOptions;
  /** What the names of all topics and groups begin with, so that installations can share a cluster; default `tally`. */
  readonly namespace?: string;
  /** On how many brokers each record is kept; default 3. */
  readonly replication?: number;
  /** On how many of them a record must be before it counts as stored; default 2, or 1 where `replication` is 1. */
  readonly minInSync?: number;
  /** How the brokers' logs name this process; default `tally`. */
  readonly clientId?: string;
  /** How long an append is tried before its outcome is unknown, or a question before the log is unavailable; default 10,000. */
  readonly deadlineMs?: number;
  /** How long to wait for a connection; default 3,000. */
  readonly connectMs?: number;
  /** How long to wait for one answer before the connection is given up and the request repeated; default 4,000. */
  readonly answerMs?: number;
  /** How long a silent process keeps its slots; default 10,000. */
  readonly sessionMs?: number;
}

/** PEM texts. Without `ca`, Node's list of authorities holds. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface SaslOptions {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** All of them, with what stands in where one is not given. */
export type KafkaSettings = Required<Omit<KafkaOptions, 'tls' | 'sasl'>> & Pick<KafkaOptions, 'tls' | 'sasl'>;

export function withDefaults(options: KafkaOptions): KafkaSettings {
  const replication = options.replication ?? 3;
  return {
    namespace: 'tally',
    clientId: 'tally',
    deadlineMs: 10_000,
    connectMs: 3_000,
    answerMs: 4_000,
    sessionMs: 10_000,
    ...options,
    replication,
    minInSync: options.minInSync ?? Math.min(2, replication),
  };
}
