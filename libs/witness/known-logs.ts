/** The logs that a witness looks at, by the keys they are known by. */
import { electionOfHead, electionOfShard, isSameVerifier, type Verifier } from '#transparency';

export class KnownLogs {
  readonly #keys: readonly Verifier[];

  /**
   * A key's name is the origin of its log; that of an election's head stands for all of its shards. A log may have several,
   * as after a rotation.
   */
  constructor(keys: readonly Verifier[]) {
    this.#keys = keys.filter((key, i) => keys.findIndex((one) => isSameVerifier(one, key)) === i);
  }

  /** The keys that sign the checkpoints of a log; none where it is not known. */
  keysOf(origin: string): Verifier[] {
    const election = electionOfShard(origin);
    return this.#keys.flatMap(({ name, publicKey }) => {
      const isOfElection = election !== null && electionOfHead(name) === election;
      return name === origin || isOfElection ? [{ name: origin, publicKey }] : [];
    });
  }
}
