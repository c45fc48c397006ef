/** Holds receipts against the log: the signed word that an event lies at a place, and what lies there. */
import { decodeEvent, isObject } from '#domain';
import {
  checkInclusion,
  decodeEntries,
  type ElectionHead,
  entriesPath,
  type Hash,
  type KeyChain,
  type Nodes,
  nodesFromTiles,
  openNoteBy,
  parseCheckpoint,
  parseHash,
  parseReceipt,
  type ReceiptClaim,
  receiptId,
  receiptOrigin,
  rootAt,
  sameHash,
  shardFolder,
  shardOrigin,
  TILE_WIDTH,
  tilePath,
  widthAt,
} from '#transparency';
import type { Faults } from './faults.ts';
import type { ExportFiles } from './files.ts';

/** A receipt as it was kept: the answer to a sheet, or what `GET /receipts/{id}` says; JSON. */
export interface KeptReceipt {
  /** What it is called in messages. */
  readonly from: string;
  readonly text: string;
}

export interface CheckedReceipt {
  readonly from: string;
  readonly id: string;
  /** Where its event lies, as `shard:offset`. */
  readonly place: string;
  /** Whether the log has come to that place; false: a later copy will tell. */
  readonly isReached: boolean;
  /** Whether it came with a proof, which held. */
  readonly isProven: boolean;
}

interface Parts {
  readonly files: ExportFiles;
  readonly faults: Faults;
  readonly head: ElectionHead;
  readonly chain: KeyChain;
  /** Whether the events are there, or their hashes alone. */
  readonly withEntries: boolean;
}

/** Those that are sound; what is wrong with others is told. */
export async function checkReceipts(parts: Parts, receipts: readonly KeptReceipt[]): Promise<CheckedReceipt[]> {
  const sound: CheckedReceipt[] = [];
  for (const receipt of receipts) {
    const checked = await new ReceiptCheck(parts, receipt).run();
    if (checked) sound.push(checked);
  }
  return sound;
}

interface Proof {
  readonly checkpoint: string;
  readonly path: readonly Hash[];
}

class ReceiptCheck {
  readonly #parts: Parts;
  readonly #receipt: KeptReceipt;

  constructor(parts: Parts, receipt: KeptReceipt) {
    this.#parts = parts;
    this.#receipt = receipt;
  }

  async run(): Promise<CheckedReceipt | null> {
    const { from } = this.#receipt;
    const read = readReceipt(this.#receipt.text);
    if (!read) return this.#fault('file-malformed', 'is no receipt: it has no signed note');
    const claim = this.#open(read.note);
    if (!claim) return null;
    if (read.proof && !(await this.#holds(claim, read.proof))) return null;
    const isReached = await this.#lookUp(claim);
    if (isReached === null || (isReached && read.sheet && !(await this.#isOf(claim, read.sheet)))) return null;
    const isProven = read.proof !== null;
    return { from, id: receiptId(claim), place: `${claim.shard}:${claim.offset}`, isReached, isProven };
  }

  #fault(code: Parameters<Faults['add']>[0], what: string): null {
    this.#parts.faults.add(code, this.#receipt.from, `${this.#receipt.from} ${what}`);
    return null;
  }

  #open(note: string): ReceiptClaim | null {
    const { head, chain } = this.#parts;
    const opened = openNoteBy(chain, note, receiptOrigin(head.election));
    if (!opened.ok && opened.problem === 'bad-signature')
      return this.#fault('bad-signature', 'was changed after it was signed: the signature does not hold');
    const claim = opened.ok ? parseReceipt(opened.text) : null;
    if (claim?.election !== head.election || claim.shard >= head.shards.length)
      return this.#fault('other-key', 'is no receipt that was signed with the key of this election');
    return claim;
  }

  /** Whether a proof leads to its checkpoint, and the log goes on from that. */
  async #holds(claim: ReceiptClaim, { checkpoint: note, path }: Proof): Promise<true | null> {
    const { head, chain } = this.#parts;
    const name = shardOrigin(head.election, claim.shard);
    const opened = openNoteBy(chain, note, name);
    const tree = opened.ok ? parseCheckpoint(opened.text) : null;
    if (!tree) return this.#fault('bad-signature', `has a checkpoint that ${name} did not sign`);
    if (!checkInclusion({ leaf: claim.leaf, index: claim.offset, ...tree }, path))
      return this.#fault('receipt-contradicted', 'has a proof that does not lead to the root of its checkpoint');
    const now = head.shards[claim.shard]!;
    if (tree.size > now.size)
      return this.#fault(
        'log-forked',
        `has a signed checkpoint over ${tree.size} events of shard ${claim.shard}, this log has ${now.size}: events were taken away`,
      );
    const root = await this.#reading(() => rootAt(tree.size, this.#nodes(claim.shard)));
    if (!root || sameHash(root, tree.root)) return true;
    return this.#fault(
      'log-forked',
      `has a signed checkpoint over the first ${tree.size} events of shard ${claim.shard}, and this log has others: history was rewritten`,
    );
  }

  /** Whether the log has come to the place; null where something else lies there. */
  async #lookUp({ shard, offset, leaf }: ReceiptClaim): Promise<boolean | null> {
    const { head } = this.#parts;
    if (offset >= head.shards[shard]!.size) return false;
    const found = await this.#reading(() => this.#nodes(shard)(0, offset));
    if (!found || sameHash(found, leaf)) return true;
    return this.#fault(
      'receipt-contradicted',
      `is the signed word that an event lies at ${shard}:${offset}, and another one lies there: this is proof against whoever holds the key`,
    );
  }

  /** Whether the event is that of the sheet which the receipt came with; a wrong one is told. */
  async #isOf({ shard, offset }: ReceiptClaim, { id, subject }: Sheet): Promise<boolean> {
    const { files, head, withEntries } = this.#parts;
    const index = Math.floor(offset / TILE_WIDTH);
    const path = `${shardFolder(shard)}/${entriesPath(index, widthAt(0, index, head.shards[shard]!.size))}`;
    const entry = withEntries
      ? decodeEntries((await files.read(path)) ?? new Uint8Array())?.[offset % TILE_WIDTH]
      : undefined;
    const decoded = entry && decodeEvent(entry);
    if (!decoded?.ok || (decoded.event.id === id && decoded.event.subject === subject)) return true;
    this.#fault(
      'receipt-contradicted',
      `came with the sheet ${id} of ${subject}, and what lies at ${shard}:${offset} is ${decoded.event.id} of ${decoded.event.subject}: it is the receipt of another sheet`,
    );
    return false;
  }

  #nodes(shard: number): Nodes {
    const { files, head } = this.#parts;
    return nodesFromTiles(head.shards[shard]!.size, async (place) => {
      const bytes = await files.read(`${shardFolder(shard)}/${tilePath(place)}`);
      if (!bytes) throw new RangeError(`tile ${place.level}/${place.index} is missing`);
      return bytes;
    });
  }

  /** undefined where a tile is missing or damaged, which is told of the shard. */
  async #reading<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }
}

/** What a receipt was given for, where it was kept with the answer to it. */
interface Sheet {
  readonly id: string;
  /** `<station>/<contest>` */
  readonly subject: string;
}

function sheetOf(answer: unknown): Sheet | null {
  if (!isObject(answer) || !isObject(answer.receipt)) return null;
  const { id, station, contest } = answer;
  if (typeof id !== 'string' || typeof station !== 'string' || typeof contest !== 'string') return null;
  return { id: id.toLowerCase(), subject: `${station}/${contest}` };
}

/** The note of a receipt, with its proof where it has one, and the sheet it was given for. */
function readReceipt(text: string): { note: string; proof: Proof | null; sheet: Sheet | null } | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const receipt = isObject(value) && isObject(value.receipt) ? value.receipt : value;
  if (!isObject(receipt) || typeof receipt.note !== 'string') return null;
  const { note, checkpoint, proof } = receipt;
  const sheet = sheetOf(value);
  if (typeof checkpoint !== 'string' || !Array.isArray(proof)) return { note, proof: null, sheet };
  const path = proof.map((hash) => (typeof hash === 'string' ? parseHash(hash) : null));
  return path.includes(null) ? null : { note, proof: { checkpoint, path: path as Hash[] }, sheet };
}
