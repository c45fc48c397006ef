/**
 * One round: a town's election is opened, a seeded load of writers, correctors and repeaters comes in through two apis,
 * at a seeded instant a scenario does its damage and later mends it, and then the three questions are asked: did it go
 * on by itself, is every acknowledged sheet there once, does the fingerprint equal that of a quiet count.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { below, randomFrom } from '../kit/random.ts';
import { ElectionClient } from '../services/election-client.ts';
import { histories, missingFrom } from '../services/ledger.ts';
import { Senders, type SendersReport } from '../services/senders.ts';
import { type Arena, SHARDS } from './arena.ts';
import { corrections, sheets, townZip } from './town.ts';
import { Watcher } from './watcher.ts';

/** What a scenario may use to do its damage. */
export interface Strike {
  readonly arena: Arena;
  readonly election: string;
  readonly client: ElectionClient;
  readonly random: () => number;
  /** One of them, by chance. */
  pick<T>(of: readonly T[]): T;
  /** Resolves once so many more outcomes were told, or after so long. */
  more(outcomes: number, withinMs: number): Promise<void>;
}

/** Undoes the damage, and throws where something that must hold did not. */
export type Mend = () => Promise<void>;

export interface Scenario {
  readonly name: string;
  /** How long the damage lasts, from and to, milliseconds. */
  readonly lasts: readonly [number, number];
  damage(strike: Strike): Promise<Mend>;
}

export interface RoundReport {
  readonly scenario: string;
  readonly seed: number;
  /** What was found wanting; empty where all is well. */
  readonly findings: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** From the mending to the last outcome, and to the right figures. */
  readonly goneOnMs: number | null;
  readonly rightMs: number | null;
  readonly seconds: number;
}

/** From the mending on: within this it goes on by itself, and within as much again its figures are right. */
const GO_ON_MS = 60_000;
const LOOK_MS = 50;

/** Plays a scenario on the arena, which is whole before and after. */
export async function playRound(
  arena: Arena,
  scenario: Scenario,
  seed: number,
  election: string,
): Promise<RoundReport> {
  const begun = Date.now();
  const round = await Round.begin(arena, seed, election);
  const findings: string[] = [];
  const times: { mended: number; goneOn: number | null; right: number | null } = {
    mended: 0,
    goneOn: null,
    right: null,
  };
  let report: SendersReport | null = null;
  try {
    const sending = round.senders.run();
    sending.catch(() => undefined);
    const mended = await round.play(scenario);
    times.mended = mended;
    report = await round.inTime(sending);
    times.goneOn = Date.now();
    findings.push(...report.contradictions.map((id) => `two outcomes for ${id}`));
    findings.push(...(await round.ask(report)));
    times.right = Date.now();
    await round.watched();
    findings.push(...round.watcher.complaints);
  } catch (error) {
    findings.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await round.watcher.stop();
    await arena.ready().catch((error: Error) => findings.push(`not ready: ${error.message}`));
  }
  return {
    scenario: scenario.name,
    seed,
    findings,
    counts: { ...report?.counts, watches: round.watcher.begun },
    goneOnMs: times.goneOn && times.goneOn - times.mended,
    rightMs: times.right && times.right - times.mended,
    seconds: (Date.now() - begun) / 1000,
  };
}

class Round {
  readonly senders: Senders;
  readonly watcher: Watcher;
  readonly #arena: Arena;
  readonly #client: ElectionClient;
  readonly #random: () => number;

  private constructor(arena: Arena, seed: number, client: ElectionClient) {
    const { fronts, tokens, cluster } = arena;
    const { election } = client;
    this.#arena = arena;
    this.#client = client;
    // Of its own, so that when the damage is done does not hang on how the load went.
    this.#random = randomFrom(seed ^ 0x5bd1e995);
    const urls = fronts.map(({ address }) => `http://${address}`);
    const clerks = [...tokens.clerks, ...tokens.clerks];
    this.senders = new Senders({ urls, election, tokens: clerks, sheets, corrections, random: randomFrom(seed) });
    this.watcher = new Watcher(
      cluster.gateways.map(({ url }) => url),
      election,
    );
  }

  static async begin(arena: Arena, seed: number, election: string): Promise<Round> {
    const { manager, observer } = arena.tokens;
    const client = new ElectionClient(arena.cluster.apis[0]!.url, election, { manager, observer });
    const answer = await openTown(arena, 0, townZip(election, { shards: SHARDS }));
    if (answer.status !== 201) throw new Error(`${election} was not opened: ${answer.status} ${await answer.text()}`);
    return new Round(arena, seed, client);
  }

  /** Does the damage at its instant and mends it; resolves with when that was done. */
  async play(scenario: Scenario): Promise<number> {
    const { senders } = this;
    const random = this.#random;
    const moment = random() * senders.total * 0.8;
    while (senders.settled < moment && !senders.hasFailed) await sleep(2);
    await sleep(random() * 40);
    const strike: Strike = {
      arena: this.#arena,
      election: this.#client.election,
      client: this.#client,
      random,
      pick: (of) => of[below(of.length, random)]!,
      more: (outcomes, withinMs) => this.#more(outcomes, withinMs),
    };
    const mend = await scenario.damage(strike);
    const [from, to] = scenario.lasts;
    await sleep(from + random() * (to - from));
    await mend();
    return Date.now();
  }

  async #more(outcomes: number, withinMs: number): Promise<void> {
    const { senders } = this;
    const wanted = Math.min(senders.total, senders.settled + outcomes);
    const until = Date.now() + withinMs;
    while (senders.settled < wanted && !senders.hasFailed && Date.now() < until) await sleep(LOOK_MS);
  }

  async inTime<T>(sending: Promise<T>): Promise<T> {
    const timer = setTimeout(
      () => this.senders.giveUp(new Error(`did not go on by itself within ${GO_ON_MS} ms`)),
      GO_ON_MS,
    );
    return sending.finally(() => clearTimeout(timer));
  }

  /** Looks until the answer is right, or the deadline has come: then what is wrong with it. */
  async ask(report: SendersReport): Promise<string[]> {
    const until = Date.now() + GO_ON_MS;
    for (;;) {
      const wrong = await this.#wrong(report).catch((error: Error) => [`could not be asked: ${error.message}`]);
      if (wrong.length === 0 || Date.now() > until) return wrong;
      await sleep(LOOK_MS);
    }
  }

  async #wrong({ acknowledged }: SendersReport): Promise<string[]> {
    const { json, status } = await this.#client.ask('GET', 'fingerprint', 'observer');
    if (json?.fingerprint !== this.#arena.print) return [`fingerprint ${status} ${JSON.stringify(json)}`];
    const known = await histories(this.#client, sheets);
    const missing = missingFrom(known, acknowledged).map(
      (sheet) => `acknowledged and missing: ${JSON.stringify(sheet)}`,
    );
    const corrected = new Set(corrections.map(({ station }) => station));
    const doubled = [...known].flatMap(([station, attempts]) => {
      const accepted = attempts.filter(({ outcome }) => outcome === 'accepted').length;
      return accepted === (corrected.has(station) ? 2 : 1) ? [] : [`${station} was accepted ${accepted} times`];
    });
    return [...missing, ...doubled];
  }

  /** The watcher has come to see every sheet. */
  async watched(): Promise<void> {
    const until = Date.now() + GO_ON_MS;
    while (this.watcher.received < sheets.length) {
      if (Date.now() > until) throw new Error(`the watcher sees ${this.watcher.received} of ${sheets.length} sheets`);
      await sleep(LOOK_MS);
    }
  }
}

/** Asks an api to open a package. */
export function openTown({ cluster, tokens }: Arena, api: number, zip: Uint8Array): Promise<Response> {
  return fetch(`${cluster.apis[api]!.url}/api/v1/elections`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.manager}`, 'content-type': 'application/zip' },
    body: zip as Uint8Array<ArrayBuffer>,
  });
}
