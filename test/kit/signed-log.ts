/** A log of one tree that signs its checkpoints, and what it sends to a witness. */
import {
  consistencyProof,
  formatAddCheckpoint,
  formatCheckpoint,
  formatVerifier,
  type Hash,
  leafHash,
  makeSigningKey,
  publicKeyOf,
  readSigningKey,
  rootAt,
  signNote,
} from '#transparency';
import { nodesOver } from '../../libs/transparency/testing/trees.ts';

export class SignedLog {
  readonly origin: string;
  readonly verifier: string;
  readonly #key;
  readonly #leaves: Hash[] = [];

  /** `key`: PEM; a log may share it with another one, which is a fork of it. */
  constructor(origin: string, key = makeSigningKey()) {
    this.origin = origin;
    this.#key = readSigningKey(key)!;
    this.verifier = formatVerifier({ name: origin, publicKey: publicKeyOf(this.#key) });
  }

  /** Adds entries up to a size. */
  grow(size: number, told = 'entry'): this {
    while (this.#leaves.length < size) this.#leaves.push(leafHash(Buffer.from(`${told} ${this.#leaves.length}`)));
    return this;
  }

  async checkpoint(size: number): Promise<string> {
    const root = await rootAt(size, nodesOver(this.#leaves));
    return signNote(formatCheckpoint({ origin: this.origin, size, root }), { name: this.origin, key: this.#key });
  }

  /** The request that cosigns `size` where `oldSize` was cosigned. */
  async request(oldSize: number, size: number): Promise<string> {
    const proof = await consistencyProof(oldSize, size, nodesOver(this.#leaves.slice(0, size)));
    return formatAddCheckpoint({ oldSize, proof, checkpoint: await this.checkpoint(size) });
  }
}
