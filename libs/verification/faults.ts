/** What is found wrong with an export: always what and where. */
export interface Fault {
  /** Stable, for programs. */
  readonly code: FaultCode;
  /** A file, an event (`SHARD:OFFSET`), or a row of the results. */
  readonly where: string;
  /** For people. */
  readonly message: string;
}

export type FaultCode =
  | 'not-an-export'
  | 'file-missing'
  | 'file-malformed'
  | 'other-key'
  | 'rotation-broken'
  | 'bad-signature'
  | 'other-election'
  | 'other-definition'
  | 'checkpoint-differs'
  | 'event-changed'
  | 'event-removed'
  | 'event-inserted'
  | 'events-reordered'
  | 'log-rewritten'
  | 'log-forked'
  | 'tile-damaged'
  | 'device-signature-wrong'
  | 'receipt-contradicted'
  | 'not-cosigned'
  | 'record-keys-changed'
  | 'results-differ'
  | 'fingerprint-differs';

/** So many faults of one kind are told one by one. */
const TOLD = 10;

export class Faults {
  readonly list: Fault[] = [];
  readonly #counts = new Map<string, number>();

  add(code: FaultCode, where: string, message: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= TOLD) this.list.push({ code, where, message });
  }

  get none(): boolean {
    return this.list.length === 0;
  }

  /** Kinds of which there are more than were told, with how many more. */
  more(): { code: string; count: number }[] {
    return [...this.#counts].flatMap(([code, count]) => (count > TOLD ? [{ code, count: count - TOLD }] : []));
  }
}
