/** What was found is believed for a moment: another process may have revoked it meanwhile, and each request asks. */

const BELIEVED_MS = 2_000;
const MOST_BELIEVED = 10_000;

export class Believed<T> {
  readonly #kept = new Map<string, { readonly value: T; readonly untilMs: number }>();

  /** What is believed under the key, or what `find` finds now. */
  async of(key: string, find: (key: string) => Promise<T | undefined>): Promise<T | undefined> {
    const kept = this.#kept.get(key);
    if (kept && kept.untilMs > Date.now()) return kept.value;
    const value = await find(key);
    this.#kept.delete(key);
    if (value === undefined) return undefined;
    if (this.#kept.size >= MOST_BELIEVED) this.#kept.clear();
    this.#kept.set(key, { value, untilMs: Date.now() + BELIEVED_MS });
    return value;
  }

  forget(key: string): void {
    this.#kept.delete(key);
  }

  clear(): void {
    this.#kept.clear();
  }
}
