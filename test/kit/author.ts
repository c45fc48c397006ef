/**
 * Writes the log of an election for specs: events as real bytes, in order, with ids, shards and offsets as they fall.
 *
 * It keeps a `PlainCount` along, so that an act can name the state its sender saw, whatever the number of shards.
 */
import {
  type Cause,
  type Election,
  type EventData,
  type EventType,
  encodeEvent,
  type Finding,
  makeEvent,
  type Role,
  type SeenState,
  type SubmittedSheet,
} from '#domain';
import type { Device } from './devices.ts';
import { PlainCount, type PlainRecord, type Verdict } from './plain-count.ts';

export interface Written extends PlainRecord {
  readonly verdict: Verdict;
}

export interface By {
  readonly by?: string;
  readonly role?: Role;
  /** Default: a new one. */
  readonly id?: string;
  /** Default: that of the subject. */
  readonly key?: string;
  readonly shard?: number;
  readonly definition?: string;
  readonly source?: string;
}

export type Seen = 'now' | 'older' | 'other-offset' | 'nothing';

export interface Figures {
  readonly fields: Readonly<Record<string, number | string>>;
  readonly votes: Readonly<Record<string, number>>;
  readonly findings?: readonly Finding[];
}

export interface Submission extends By {
  /** The revision it expects; `import` leaves it out. Default: the newest. */
  readonly expects?: number | 'import';
  /** Who signs it. */
  readonly device?: Device;
  /** null leaves it out. */
  readonly reason?: string | null;
  readonly cause?: Cause;
}

export class Author {
  readonly election: Election;
  readonly plain: PlainCount;
  readonly records: Written[] = [];
  readonly #ends: number[];

  /** Opens every shard, unless told not to. */
  constructor(election: Election, { open = true } = {}) {
    this.election = election;
    this.plain = new PlainCount(election.definition, election.digest);
    this.#ends = new Array<number>(election.definition.shards).fill(0);
    if (open) for (let shard = 0; shard < this.#ends.length; shard += 1) this.open(shard);
  }

  /** The next offset of every shard. */
  get ends(): readonly number[] {
    return this.#ends;
  }

  /** The id of the next event, unless it is given one. */
  get nextId(): string {
    return `00000000-0000-4000-8000-${String(this.records.length).padStart(12, '0')}`;
  }

  open(shard: number, by: By = {}): Written {
    const { id, shards } = this.election.definition;
    const root = this.election.root.code;
    return this.write('tally.election.opened.v1', id, root, { id, shards }, { role: 'manager', shard, ...by });
  }

  submit(station: string, contest: string, figures: Figures, more: Submission = {}): Written {
    const { expects = this.plain.sheet(station, contest).copies.length, reason = 'counted', cause } = more;
    const sheet: SubmittedSheet = {
      station,
      contest,
      fields: figures.fields,
      votes: figures.votes,
      ...(expects !== 'import' && { expectedRevision: expects }),
      ...(reason !== null && { reason }),
      ...(cause && { cause }),
    };
    const { device, id = this.nextId } = more;
    const signature = device?.sign(this.election.definition.id, id, sheet);
    const signed = device && signature !== undefined ? { device: device.id, signature } : {};
    const data = { sheet, ...signed, findings: figures.findings ?? [] };
    return this.write('tally.sheet.submitted.v1', `${station}/${contest}`, station, data, { ...more, id });
  }

  resolve(station: string, contest: string, figures: Figures, more: By & { seen?: Seen } = {}): Written {
    const { fields, votes, findings = [] } = figures;
    const seen = this.seen(station, contest, more.seen) ?? { revision: 0, offset: 0 };
    const data = { fields, votes, findings, seen, reason: 'the paper says so' };
    return this.write('tally.sheet.resolved.v1', `${station}/${contest}`, station, data, { role: 'reviewer', ...more });
  }

  act(
    verb: 'sheet.released' | 'sheet.returned' | 'sheet.verified' | 'sheet.annulled' | 'count.sealed' | 'count.unsealed',
    station: string,
    contest: string,
    more: By & { seen?: Seen } = {},
  ): Written {
    const seen = this.seen(station, contest, more.seen);
    const data = { ...(seen && { seen }), reason: 'decided' } as EventData['tally.count.sealed.v1'];
    return this.write(`tally.${verb}.v1` as 'tally.count.sealed.v1', `${station}/${contest}`, station, data, more);
  }

  close(station: string, more: By & { into?: string } = {}): Written {
    const data = { ...(more.into !== undefined && { into: more.into }), reason: 'flooded' };
    return this.write('tally.station.closed.v1', station, station, data, { role: 'manager', ...more });
  }

  /** About a contest: filed under the nearest common ancestor of its area. */
  withdraw(contest: string, candidate: string, more: By = {}): Written {
    return this.#onContest('tally.candidate.withdrawn.v1', contest, { candidate, reason: 'died' }, more);
  }

  certify(contest: string, more: By = {}): Written {
    const position = this.#ends.map((offset, shard) => `${shard}:${offset}`).join(',');
    const data = { fingerprint: 'f'.repeat(64), position, reason: 'session of the committee' };
    return this.#onContest('tally.contest.certified.v1', contest, data, more);
  }

  reopen(contest: string, more: By = {}): Written {
    return this.#onContest('tally.contest.reopened.v1', contest, { reason: 'complaint' }, more);
  }

  enrol(unit: string, { id: device, key }: Pick<Device, 'id' | 'key'>, more: By = {}): Written {
    const data = { device, key, role: 'clerk' } as const;
    return this.write('tally.device.enrolled.v1', unit, unit, data, { role: 'manager', ...more });
  }

  revoke(unit: string, device: Device, more: By = {}): Written {
    const data = { device: device.id, reason: 'lost' };
    return this.write('tally.device.revoked.v1', unit, unit, data, { role: 'manager', ...more });
  }

  minutes(unit: string, contest: string, figures: Figures, more: By = {}): Written {
    const { fields, votes } = figures;
    const data = { unit, contest, fields, votes, reason: 'signed' };
    return this.write('tally.minutes.recorded.v1', unit, unit, data, more);
  }

  /** Writes any event; its key is that of the unit. */
  write<T extends EventType>(
    type: T,
    subject: string,
    unit: string,
    data: Omit<EventData[T], 'actor'>,
    more: By = {},
  ): Written {
    const { definition, digest } = this.election;
    const { by = 'clerk-1', role = 'clerk', id = this.nextId } = more;
    const home = this.election.unit(unit);
    const head = { id, election: definition.id, subject, time: '2021-05-23T21:00:00+07:00', definition: digest };
    const event = makeEvent(type, head, { ...data, actor: { id: by, role, unit } } as never);
    const told = {
      ...event,
      ...(more.definition !== undefined && { tallydefinition: more.definition }),
      ...(more.source !== undefined && { source: more.source }),
    };
    return this.put(encodeEvent(told as never), more.shard ?? home?.shard ?? 0, more.key ?? home?.key ?? unit);
  }

  /** Puts any bytes that are JSON of an event. */
  put(value: Uint8Array, shard: number, key: string): Written {
    const offset = this.#ends[shard]!;
    const record = { shard, offset, key, value };
    const written = { ...record, verdict: this.plain.read(record) };
    this.#ends[shard] = offset + 1;
    this.records.push(written);
    return written;
  }

  /** What a sender of an act saw of a sheet. */
  seen(station: string, contest: string, seen: Seen = 'now'): SeenState | undefined {
    const { copies, stamp } = this.plain.sheet(station, contest);
    const revision = copies.length;
    if (seen === 'nothing') return undefined;
    if (seen === 'older') return { revision: revision + 1, offset: stamp };
    return { revision, offset: seen === 'now' ? stamp : stamp + 1 };
  }

  #onContest<T extends EventType>(type: T, contest: string, data: Omit<EventData[T], 'actor'>, more: By): Written {
    const home = this.election.contest(contest)?.home.code ?? this.election.root.code;
    return this.write(type, contest, home, data, { role: 'certifier', ...more });
  }
}

/**
 * Figures number `n` of a contest: whole sheets that differ by `n`. Those of every fifth break a rule (`error`), of
 * every seventh a milder one; optional fields are stated now and then.
 */
export function figuresOf(election: Election, contest: string, n: number): Figures {
  const { layout } = election.contest(contest)!;
  const fields: Record<string, number | string> = {};
  layout.fields.forEach(({ id, optional }, place) => {
    if (!optional || (n + place) % 3 !== 0) fields[id] = (n * 37 + place * 11) % 997;
  });
  for (const { id, optional } of layout.times)
    if (!optional || n % 2 === 0) fields[id] = `2021-05-23T2${n % 4}:15:00+07:00`;
  const votes = Object.fromEntries(layout.candidates.map((number, place) => [number, (n * 53 + place * 29) % 983]));
  const findings: Finding[] = [];
  if (n % 7 === 6) findings.push({ rule: 'mild', severity: 'warning' });
  if (n % 5 === 4) findings.push({ rule: 'hard', severity: 'error' });
  return { fields, votes, findings };
}
