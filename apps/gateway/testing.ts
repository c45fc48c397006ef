/** A client of the live feed that does what contracts §6 tells clients to do: specs compare what it holds with HTTP. */
import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import type { PositionMessage, Problem, ResultRow, TotalsMessage, WatchRequest, WatchSnapshot } from '#wire';

type Ack<T> = T & { readonly error?: Problem };

export class LiveClient {
  readonly socket: Socket;
  readonly messages: TotalsMessage[] = [];
  readonly positions: PositionMessage[] = [];
  readonly #rows = new Map<string, ResultRow>();
  readonly #url: string;
  #position: number[] = [];
  /** How often it had to ask for a snapshot over HTTP. */
  refetched = 0;

  private constructor(url: string, socket: Socket) {
    this.#url = url;
    this.socket = socket;
    socket.on('totals', (message: TotalsMessage) => this.#take(message));
    socket.on('position', (message: PositionMessage) => this.positions.push(message));
  }

  static async connect(url: string, token?: string, headers?: Record<string, string>): Promise<LiveClient> {
    const socket = io(`${url}/live`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...(token && { auth: { token } }),
      ...(headers && { extraHeaders: headers }),
    });
    const client = new LiveClient(url, socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return client;
  }

  get url(): string {
    return this.#url;
  }

  get position(): readonly number[] {
    return this.#position;
  }

  /** Takes the snapshot in within the acknowledgement itself: the first message may follow in the same turn. */
  watch(request: Partial<WatchRequest> & Record<string, unknown>): Promise<Ack<WatchSnapshot>> {
    return new Promise((resolve, reject) => {
      this.socket.timeout(5_000).emit('watch', request, (late: Error | null, answer: Ack<WatchSnapshot>) => {
        if (late) {
          reject(late);
          return;
        }
        if (!answer.error) this.#begin(answer);
        resolve(answer);
      });
    });
  }

  #begin(snapshot: WatchSnapshot): void {
    this.#position = parse(snapshot.position);
    for (const row of [...snapshot.totals, ...snapshot.children]) this.#merge(row);
  }

  ask<T>(event: string, request: unknown): Promise<Ack<T>> {
    return this.socket.timeout(5_000).emitWithAck(event, request);
  }

  /** Rows as held now, by `unit,contest,track,key`. */
  get rows(): ReadonlyMap<string, number> {
    return new Map([...this.#rows].map(([key, row]) => [key, row.value!]));
  }

  #take(message: TotalsMessage): void {
    this.messages.push(message);
    const from = parse(message.from);
    const to = parse(message.to);
    if (from.some((offset, shard) => offset > this.#position[shard]!)) {
      this.refetched += 1;
      return;
    }
    if (to.some((offset, shard) => offset < this.#position[shard]!)) return;
    for (const row of message.changes) this.#merge(row);
    this.#position = to;
  }

  #merge(row: ResultRow): void {
    const key = [row.unit, row.contest, row.track, row.key].join();
    if (row.value === null) this.#rows.delete(key);
    else this.#rows.set(key, row);
  }

  /** Resolves once a message (or what is there already) makes the condition true. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue())
      await Promise.race([
        once(this.socket as never, 'totals'),
        once(this.socket as never, 'position'),
        once(this.socket as never, 'attempt'),
      ]);
  }

  close(): void {
    this.socket.disconnect();
  }
}

export function parse(position: string): number[] {
  return position.split(',').map((part) => Number(part.split(':')[1]));
}
