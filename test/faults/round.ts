/**
 * One round: in a contest of a town a seeded load of writers, correctors and repeaters comes in through two apis,
 * at a seeded instant a scenario does its damage and later mends it, and then the questions are asked: did it go on by
 * itself, is every acknowledged sheet there once, does the fingerprint equal that of a quiet count, and does what an api
 * shows verify: signatures, trees, and every figure counted anew from the events.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { below, randomFrom } from '../kit/random.ts';
import { ElectionClient } from '../services/election-client.ts';
import type { Sheet } from '../services/georgia.ts';
import { histories, missingFrom } from '../services/ledger.ts';
import { Senders, type SendersReport } from '../services/senders.ts';
import type { Arena, Place } from './arena.ts';
import { correctionsOf, sheetsOf } from './town.ts';
import { verified } from './verified.ts';
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
export async function playRound(arena: Arena, scenario: Scenario, seed: number): Promise<RoundReport> {
  const begun = Date.now();
  const round = new Round(arena, seed, await arena.freshPlace());
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
    findings.push(...arena.cluster.apis.flatMap(({ complaints }) => unexpectedIn(complaints)));
  } finally {
    await round.watcher.stop();
    await arena.ready().catch((error: Error) => findings.push(`not ready: ${error.message}`));
  }
  return {
    scenario: scenario.name,
    seed,
    findings,
    counts: { ...round.senders.counts, watches: round.watcher.begun },
    goneOnMs: times.goneOn && times.goneOn - times.mended,
    rightMs: times.right && times.right - times.mended,
    seconds: (Date.now() - begun) / 1000,
  };
}

/** What an api logged as unexpected: a finding says what was behind an answer. */
function unexpectedIn(complaints: string): string[] {
  return complaints.split('\n').filter((line) => line.includes('unexpected error'));
}

class Round {
  readonly senders: Senders;
  readonly watcher: Watcher;
  readonly #arena: Arena;
  readonly #client: ElectionClient;
  readonly #contest: string;
  readonly #print: string;
  readonly #sheets: readonly Sheet[];
  readonly #corrected: readonly Sheet[];
  readonly #random: () => number;

  constructor(arena: Arena, seed: number, place: Place) {
    const { fronts, tokens, cluster, prints } = arena;
    const { election, contest } = place;
    this.#arena = arena;
    this.#print = prints.get(contest)!;
    this.#contest = contest;
    const { manager, observer } = tokens;
    this.#client = new ElectionClient(cluster.apis[0]!.url, election, { manager, observer });
    // Of its own, so that when the damage is done does not hang on how the load went.
    this.#random = randomFrom(seed ^ 0x5bd1e995);
    const urls = fronts.map(({ address }) => `http://${address}`);
    const clerks = [...tokens.clerks, ...tokens.clerks];
    this.#sheets = sheetsOf(contest);
    this.#corrected = correctionsOf(contest);
    this.senders = new Senders({
      urls,
      election,
      tokens: clerks,
      sheets: this.#sheets,
      corrections: this.#corrected,
      random: randomFrom(seed),
    });
    this.watcher = new Watcher(
      cluster.gateways.map(({ url }) => url),
      place,
    );
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
    const { json, status } = await this.#client.ask('GET', `fingerprint?contest=${this.#contest}`, 'observer');
    if (json?.fingerprint !== this.#print) return [`fingerprint ${status} ${JSON.stringify(json)}`];
    const known = await histories(this.#client, this.#sheets);
    const missing = missingFrom(known, acknowledged).map(
      (sheet) => `acknowledged and missing: ${JSON.stringify(sheet)}`,
    );
    const corrected = new Set(this.#corrected.map(({ station }) => station));
    const doubled = [...known].flatMap(([station, attempts]) => {
      const accepted = attempts.filter(({ outcome }) => outcome === 'accepted').length;
      return accepted === (corrected.has(station) ? 2 : 1) ? [] : [`${station} was accepted ${accepted} times`];
    });
    if (missing.length + doubled.length > 0) return [...missing, ...doubled];
    const { apis } = this.#arena.cluster;
    const api = apis[below(apis.length, this.#random)]!;
    return verified(api.url, this.#client.election, this.#arena.tokens.observer, acknowledged);
  }

  /** The watcher has come to see every sheet. */
  async watched(): Promise<void> {
    const until = Date.now() + GO_ON_MS;
    while (this.watcher.received < this.#sheets.length) {
      if (Date.now() > until)
        throw new Error(`the watcher sees ${this.watcher.received} of ${this.#sheets.length} sheets`);
      await sleep(LOOK_MS);
    }
  }
}
