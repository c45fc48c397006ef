/**
 * The plan of the demonstration night: who sends what when. Seeded, so each night is the same: most sheets are right,
 * some are typed wrong and held, some are sent twice, recounted, released or verified.
 */
import { type DemoStation, demoStations } from './area.ts';
import { CONTESTS, type DemoContest } from './package.ts';
import { Chance, idOf } from './random.ts';

export interface DemoSheet {
  readonly id: string;
  readonly station: string;
  readonly contest: string;
  readonly expectedRevision: number;
  readonly fields: Readonly<Record<string, number>>;
  readonly votes: Readonly<Record<string, number>>;
  readonly via: 'phone' | 'device';
  readonly cause?: 'entry' | 'recount';
  readonly reason?: string;
}

export type DemoAct =
  | { readonly kind: 'submit'; readonly commune: string; readonly sheet: DemoSheet }
  | {
      readonly kind: 'release' | 'return' | 'verify';
      readonly id: string;
      readonly station: string;
      readonly contest: string;
      readonly reason: string;
    };

export interface PlannedAct {
  /** Seconds after the start. */
  readonly at: number;
  readonly act: DemoAct;
}

/** The night in about `seconds`; acts in the order of time. */
export function demoPlan(seconds: number, seed = 20210523): PlannedAct[] {
  const chance = new Chance(seed);
  const strengths = new Map(CONTESTS.map((contest) => [contest.id, strengthsOf(contest, chance)]));
  const stations = demoStations();
  const plan: PlannedAct[] = [];
  for (const [rank, station] of byReadiness(stations, chance).entries()) {
    const ready = (rank / stations.length) * 0.86;
    const contests = CONTESTS.filter(({ area }) => area.includes(station.commune) || area.includes('675'));
    contests.forEach((contest, i) => {
      const start = Math.min(0.93, ready + i * 0.012 + chance.next() * 0.01);
      plan.push(...lifeOfSheet(station, contest, strengths.get(contest.id)!, start, chance));
    });
  }
  return plan.map(({ at, act }) => ({ at: 2 + at * (seconds - 2), act })).sort((a, b) => a.at - b.at);
}

/** Small polling areas are done first, more or less. */
function byReadiness(stations: readonly DemoStation[], chance: Chance): DemoStation[] {
  const timed = stations.map((station) => ({ station, time: station.registered * (0.6 + 0.8 * chance.next()) }));
  return timed.sort((a, b) => a.time - b.time).map(({ station }) => station);
}

/** What share of the valid ballots names each candidate: together about the seats, as ballots name up to that many. */
function strengthsOf({ candidates, seats }: DemoContest, chance: Chance): number[] {
  const raw = Array.from({ length: candidates }, (_, i) =>
    i < seats ? 0.62 + 0.3 * chance.next() : 0.18 + 0.35 * chance.next(),
  );
  const scale = (seats * 0.93) / raw.reduce((sum, value) => sum + value, 0);
  const order = raw.map((value) => Math.min(0.97, value * scale));
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = chance.between(0, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

interface Count {
  readonly fields: Record<string, number>;
  readonly votes: Record<string, number>;
}

function countOf(station: DemoStation, contest: DemoContest, strengths: readonly number[], chance: Chance): Count {
  const C = station.registered;
  const V = C - chance.between(0, Math.ceil(C * 0.012));
  const R = V - (chance.happens(0.15) ? 1 : 0);
  const K = Math.round(R * (0.006 + 0.022 * chance.next()));
  const H = R - K;
  const votes: Record<string, number> = {};
  strengths.forEach((strength, i) => {
    votes[String(i + 1)] = Math.min(
      H,
      Math.round(H * Math.min(0.985, Math.max(0.02, strength + (chance.next() - 0.5) * 0.16))),
    );
  });
  fitVotes(votes, H, contest.seats);
  return { fields: { C, V, P: V, R, H, K }, votes };
}

/** Each valid ballot names 1 to S candidates: H ≤ Σv ≤ S·H. */
function fitVotes(votes: Record<string, number>, valid: number, seats: number): void {
  const numbers = Object.keys(votes);
  const sum = (): number => numbers.reduce((total, number) => total + votes[number]!, 0);
  for (let over = sum() - seats * valid; over > 0; over = sum() - seats * valid) {
    const most = numbers.reduce((a, b) => (votes[a]! >= votes[b]! ? a : b));
    votes[most]! -= Math.min(over, votes[most]!);
  }
}

function lifeOfSheet(
  station: DemoStation,
  contest: DemoContest,
  strengths: readonly number[],
  start: number,
  chance: Chance,
): { at: number; act: DemoAct }[] {
  const right = countOf(station, contest, strengths, chance);
  const place = { station: station.code, contest: contest.id };
  const via = chance.happens(0.3) ? 'phone' : 'device';
  const submit = (revision: number, count: Count, more: Partial<DemoSheet> = {}): DemoAct => ({
    kind: 'submit',
    commune: station.commune,
    sheet: {
      id: idOf(`${station.code}/${contest.id}/${revision}`),
      ...place,
      expectedRevision: revision,
      ...count,
      via,
      ...more,
    },
  });
  const decide = (kind: 'release' | 'return' | 'verify', reason: string): DemoAct => ({
    kind,
    id: idOf(`${station.code}/${contest.id}/${kind}`),
    ...place,
    reason,
  });
  const later = (most: number): number => start + 0.015 + chance.next() * most;
  const roll = chance.next();
  if (roll < 0.05) {
    const typo = { ...right, fields: { ...right.fields, H: right.fields.H! + 9 } };
    const correction = submit(1, right, { cause: 'entry', reason: 'Gõ nhầm số phiếu hợp lệ' });
    return [
      { at: start, act: submit(0, typo) },
      { at: later(0.05), act: correction },
    ];
  }
  if (roll < 0.075) {
    const wrong = { ...right, votes: { ...right.votes, '1': right.fields.H! + 12 } };
    const back = later(0.03);
    return [
      { at: start, act: submit(0, wrong) },
      { at: back, act: decide('return', 'Số phiếu của ứng cử viên số 1 lớn hơn số phiếu hợp lệ: đề nghị kiểm lại') },
      { at: back + 0.04, act: submit(1, right, { cause: 'recount', reason: 'Đã kiểm lại theo yêu cầu' }) },
    ];
  }
  if (roll < 0.095) {
    const grown = { ...right, fields: { ...right.fields, V: right.fields.C! + 2, P: right.fields.C! + 2 } };
    return [
      { at: start, act: submit(0, grown) },
      { at: later(0.08), act: decide('release', 'Cử tri bổ sung trong ngày, đã đối chiếu danh sách') },
    ];
  }
  const acts: { at: number; act: DemoAct }[] = [{ at: start, act: submit(0, right) }];
  if (roll < 0.125) {
    const recounted = { ...right, votes: { ...right.votes, '2': Math.max(0, right.votes['2']! - 3) } };
    acts.push({
      at: later(0.06),
      act: submit(1, recounted, { cause: 'recount', reason: 'Kiểm lại phiếu của ứng cử viên số 2' }),
    });
  } else if (roll < 0.18) acts.push({ at: later(0.02), act: submit(0, right) });
  else if (roll < 0.45) acts.push({ at: later(0.2), act: decide('verify', 'Đã đối chiếu với biên bản') });
  return acts;
}
