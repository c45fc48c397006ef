/** Small reads that are asked for together go to the store together. */

const MAX_IDS = 1_000;

interface Asked<Id, Doc> {
  readonly id: Id;
  resolve(doc: Doc | undefined): void;
  reject(error: unknown): void;
}

/** Reads documents by `_id`: all that are asked for before the next round of the event loop in one query. */
export class GatheredReads<Id, Doc extends { readonly _id: Id }> {
  readonly #read: (ids: readonly Id[]) => Promise<readonly Doc[]>;
  #asked: Asked<Id, Doc>[] = [];

  constructor(read: (ids: readonly Id[]) => Promise<readonly Doc[]>) {
    this.#read = read;
  }

  get(id: Id): Promise<Doc | undefined> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ id, resolve, reject });
      if (this.#asked.length === 1) setImmediate(() => this.#send());
    });
  }

  #send(): void {
    const asked = this.#asked;
    this.#asked = [];
    for (let from = 0; from < asked.length; from += MAX_IDS) void this.#answer(asked.slice(from, from + MAX_IDS));
  }

  async #answer(asked: readonly Asked<Id, Doc>[]): Promise<void> {
    try {
      const docs = await this.#read([...new Set(asked.map(({ id }) => id))]);
      const byId = new Map(docs.map((doc) => [doc._id, doc]));
      for (const { id, resolve } of asked) resolve(byId.get(id));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}

/** A question whose answer serves all that ask before it is sent. */
export class GatheredQuestion<T> {
  readonly #ask: () => Promise<T>;
  #waiting: Promise<T> | null = null;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  ask(): Promise<T> {
    this.#waiting ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#waiting = null;
      return this.#ask();
    });
    return this.#waiting;
  }
}
