/**
 * Senders of Georgia's sheets, and a server that is killed again and again: by how much was acknowledged, so that the
 * deaths are spread over the whole night; some come while it starts. All is drawn from a seed.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../kit/random.ts';
import type { Sheet } from '../services/georgia.ts';
import { Senders, type SendersReport } from '../services/senders.ts';
import { TallyServer } from '../services/tally-server.ts';

export interface StormSettings {
  readonly data: string;
  /** Of the server, the first time; it comes back at the same address. */
  readonly server: TallyServer;
  readonly tokens: readonly string[];
  readonly election: string;
  readonly sheets: readonly Sheet[];
  readonly kills: number;
  readonly seed: number;
}

export class Storm {
  readonly #settings: StormSettings;
  readonly #random: () => number;
  readonly #senders: Senders;
  readonly #counts = { kills: 0, 'kills while starting': 0 };
  #server: TallyServer;

  constructor(settings: StormSettings) {
    const { server, tokens, election, sheets, seed } = settings;
    this.#settings = settings;
    this.#server = server;
    this.#random = randomFrom(seed);
    this.#senders = new Senders({ urls: [server.url], tokens, election, sheets, random: this.#random });
  }

  /** The server that runs now. */
  get server(): TallyServer {
    return this.#server;
  }

  async run(): Promise<SendersReport> {
    const sending = this.#senders.run();
    const [sent, killed] = await Promise.allSettled([sending, this.#killAgainAndAgain()]);
    for (const end of [sent, killed]) if (end.status === 'rejected') throw end.reason;
    const report = await sending;
    return { ...report, counts: { ...report.counts, ...this.#counts } };
  }

  async #killAgainAndAgain(): Promise<void> {
    const { data, kills } = this.#settings;
    const { total } = this.#senders;
    const moments = Array.from({ length: kills }, () => this.#random() * total * 0.98).sort((a, b) => a - b);
    const { port } = this.#server;
    while (moments.length > 0) {
      const moment = moments.shift()!;
      while (this.#senders.settled < moment && !this.#senders.hasFailed) await sleep(2);
      if (this.#senders.hasFailed) return;
      await sleep(this.#random() * 40);
      await this.#server.kill();
      this.#counts.kills += 1;
      if (moments.length > 0 && this.#random() < 0.3) {
        moments.shift();
        await TallyServer.startAndKill({ data, port }, 50 + this.#random() * 700);
        this.#counts.kills += 1;
        this.#counts['kills while starting'] += 1;
      }
      this.#server = await TallyServer.start({ data, port });
    }
  }
}
