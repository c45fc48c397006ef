/**
 * A second count of an election, as a person with the package, the log and a pencil would make it: for comparing.
 *
 * Written from contracts §2 to §4 and domain.md, and differently on purpose: it reads the JSON of each record itself,
 * keeps every revision of a sheet on a pile, knows the life of a sheet as tables, walks up the units by their codes,
 * and adds up anew for every question. It shares with Tally's code the types of the package and the partitioner.
 */
import { createHash } from 'node:crypto';
import { type Definition, type FormField, type RejectionCode, type SheetStatus, shardOf } from '#domain';
import { areSame, countedIn, isElsewhere, type Names, PlainSheet } from './plain-sheet.ts';

export interface PlainRecord {
  readonly shard: number;
  readonly offset: number;
  readonly key: string;
  readonly value: Uint8Array;
}

export type Verdict = { readonly accepted: true } | { readonly accepted: false; readonly code: RejectionCode };

type Act = 'released' | 'returned' | 'verified' | 'annulled';
/** From which status an act leads to which. */
const ACTS: Readonly<Record<Act, Partial<Record<SheetStatus, SheetStatus>>>> = {
  released: { held: 'accepted' },
  returned: { held: 'returned' },
  verified: { accepted: 'verified' },
  annulled: {
    'awaiting-second': 'annulled',
    disputed: 'annulled',
    accepted: 'annulled',
    held: 'annulled',
    returned: 'annulled',
    verified: 'annulled',
  },
};
/** Where a correction is one person's work: the sheet went through its two entries before. */
const ENTERED_TWICE: readonly SheetStatus[] = ['accepted', 'held', 'returned', 'verified'];

// biome-ignore lint/suspicious/noExplicitAny: a record may say anything
type Json = any;

const ACCEPTED: Verdict = { accepted: true };
const no = (code: RejectionCode): Verdict => ({ accepted: false, code });

export class PlainCount {
  readonly #definition: Definition;
  readonly #digest: string;
  readonly #parents: ReadonlyMap<string, string | null>;
  readonly #levels: ReadonlyMap<string, number>;
  readonly #open = new Set<number>();
  readonly #sheets = new Map<string, PlainSheet>();
  readonly #closed = new Set<string>();
  /** Ids by what they are remembered within. */
  readonly #letters = new Map<string, Map<string, string>>();
  /** Contests certified now, with the position that was bound. */
  readonly certified = new Map<string, string>();
  /** `contest/number`. */
  readonly withdrawn = new Set<string>();
  /** By `unit/device`. */
  readonly #devices = new Map<string, 'enrolled' | 'revoked'>();
  readonly #stations = new Map<string, readonly string[]>();

  constructor(definition: Definition, digest: string) {
    this.#definition = definition;
    this.#digest = digest;
    this.#parents = new Map(definition.units.map(({ code, parent }) => [code, parent]));
    const order = definition.levels.map(({ id }) => id);
    this.#levels = new Map(definition.units.map(({ code, level }) => [code, order.indexOf(level)]));
  }

  sheet(station: string, contest: string): PlainSheet {
    const name = `${station}/${contest}`;
    let sheet = this.#sheets.get(name);
    if (!sheet) {
      sheet = new PlainSheet();
      this.#sheets.set(name, sheet);
    }
    return sheet;
  }

  isClosed(station: string): boolean {
    return this.#closed.has(station);
  }

  /* ---------------------------------------------- reading the log */

  read({ shard, offset, key, value }: PlainRecord): Verdict {
    const event: Json = JSON.parse(Buffer.from(value).toString('utf8'));
    const { id: election, shards } = this.#definition;
    if (event.tallydefinition !== this.#digest || event.source !== `/elections/${election}`)
      return no('other-definition');
    const kind: string = event.type.split('.').slice(1, -1).join('.');
    if (kind === 'election.opened') {
      if (this.#open.has(shard)) return no('not-allowed');
      if (event.data.id !== election || event.data.shards !== shards) return no('other-definition');
      this.#open.add(shard);
      return ACCEPTED;
    }
    if (!this.#open.has(shard)) return no('not-open');
    const isHome = (unit: string): boolean => key === this.#keyOf(unit) && shard === shardOf(key, shards);
    if (kind.startsWith('sheet.') || kind.startsWith('count.')) {
      const [station = '', contest = ''] = event.subject.split('/');
      if (!this.#isStation(station)) return no('unknown-station');
      if (!this.#contest(contest)) return no('unknown-contest');
      if (!this.stations(contest).includes(station)) return no('not-in-contest');
      if (!isHome(station)) return no('wrong-shard');
      return this.#remembered(event) ?? this.#onSheet(kind.split('.')[1]!, event, station, contest, offset);
    }
    return this.#beside(kind, event, offset, isHome);
  }

  /** What an id that came before says of this event; null where it is new. */
  #remembered({ id, type, subject, data }: Json): Verdict | null {
    const { findings, rules, actor, ...sent } = data;
    const content = JSON.stringify([type, actor.id, sent]);
    const letters = this.#letters.get(subject) ?? new Map<string, string>();
    this.#letters.set(subject, letters);
    const known = letters.get(id);
    if (known !== undefined) return no(known === content ? 'repeat' : 'idempotency-conflict');
    letters.set(id, content);
    return null;
  }

  #onSheet(verb: string, { data }: Json, station: string, contest: string, offset: number): Verdict {
    const sheet = this.sheet(station, contest);
    const who: string = data.actor.id;
    const verdict = ((): Verdict => {
      switch (verb) {
        case 'submitted':
          return this.#submit(sheet, data, who, station, contest, offset);
        case 'resolved':
          return this.#resolve(sheet, data, who, station, contest, offset);
        case 'sealed':
          if (sheet.sealed) return no('not-allowed');
          if (isElsewhere(sheet, data.seen)) return no('precondition-failed');
          if (sheet.status !== 'none' && sheet.status !== 'annulled') return no('not-allowed');
          sheet.sealed = true;
          return ACCEPTED;
        case 'unsealed':
          if (!sheet.sealed) return no('not-allowed');
          if (isElsewhere(sheet, data.seen)) return no('precondition-failed');
          sheet.sealed = false;
          return ACCEPTED;
        default:
          return this.#act(sheet, verb as Act, data, who);
      }
    })();
    if (verdict.accepted) sheet.stamp = offset;
    return verdict;
  }

  #act(sheet: PlainSheet, act: Act, { seen }: Json, who: string): Verdict {
    if (isElsewhere(sheet, seen)) return no('precondition-failed');
    const next = ACTS[act][sheet.status];
    if (!next) return no('not-allowed');
    if (act === 'released') {
      if (sheet.sealed) return no('sealed');
      if (sheet.holds.includes('verified') && sheet.top!.by.includes(who)) return no('same-person');
      sheet.counting = sheet.top;
      sheet.signed = false;
    }
    if (act === 'verified') {
      if (sheet.top!.by.includes(who)) return no('same-person');
      sheet.signed = true;
    }
    if (act === 'annulled') {
      sheet.counting = null;
      sheet.signed = false;
      sheet.rival = null;
    }
    sheet.holds = [];
    sheet.status = next;
    return ACCEPTED;
  }

  #submit(
    sheet: PlainSheet,
    { sheet: sent, findings }: Json,
    who: string,
    station: string,
    contest: string,
    offset: number,
  ): Verdict {
    const names = this.#names(contest, sent);
    if (!names) return no('bad-structure');
    const { top, status } = sheet;
    const revision = sheet.copies.length;
    const expected: number | undefined = sent.expectedRevision;
    const isBulk = expected === undefined;
    const fitsBeforeFirst = isBulk || expected === revision - 1;
    if (status === 'awaiting-second' && top && fitsBeforeFirst && !top.by.includes(who)) {
      if (!areSame(top.names, names)) {
        sheet.rival = { names, by: [who], revision, offset };
        sheet.status = 'disputed';
        return ACCEPTED;
      }
      sheet.copies[revision - 1] = { names, by: [...top.by, who], revision, offset };
      this.#agree(sheet, findings, station);
      return ACCEPTED;
    }
    if (isBulk && [top, sheet.rival].some((other) => other && areSame(other.names, names))) return no('unchanged');
    if (!isBulk && expected !== revision)
      return no(status === 'awaiting-second' && fitsBeforeFirst ? 'same-person' : 'stale-revision');
    if (revision > 0 && !String(sent.reason ?? '').trim()) return no('reason-required');
    const isBlind = this.#definition.entry === 'double' && !ENTERED_TWICE.includes(status);
    sheet.copies.push({ names, by: [who], revision: revision + 1, offset });
    sheet.rival = null;
    if (isBlind) sheet.status = 'awaiting-second';
    else this.#agree(sheet, findings, station);
    return ACCEPTED;
  }

  #resolve(sheet: PlainSheet, data: Json, who: string, station: string, contest: string, offset: number): Verdict {
    if (isElsewhere(sheet, data.seen)) return no('precondition-failed');
    const { top, rival } = sheet;
    if (sheet.status !== 'disputed' || !top || !rival) return no('not-allowed');
    const names = this.#names(contest, data);
    if (!names) return no('bad-structure');
    for (const name of new Set([top, rival].flatMap((entry) => Object.keys(entry.names)).concat(Object.keys(names))))
      if (names[name] !== top.names[name] && names[name] !== rival.names[name]) return no('figure-not-entered');
    const by = [...new Set([...top.by, ...rival.by, who])];
    sheet.copies[sheet.copies.length - 1] = { names, by, revision: top.revision, offset };
    sheet.rival = null;
    this.#agree(sheet, data.findings, station);
    return ACCEPTED;
  }

  /** Figures are agreed on: they stand, unless something holds them. */
  #agree(sheet: PlainSheet, findings: { severity: string }[], station: string): void {
    const severities = { never: [] as string[], error: ['error'], warning: ['error', 'warning'] };
    const isHeldBy = severities[this.#definition.holdOn];
    const holds = {
      rules: findings.some(({ severity }) => isHeldBy.includes(severity)),
      sealed: sheet.sealed,
      closed: this.#closed.has(station),
      verified: sheet.signed,
    };
    sheet.holds = Object.entries(holds).flatMap(([name, isSo]) => (isSo ? [name] : []));
    sheet.status = sheet.holds.length > 0 ? 'held' : 'accepted';
    if (sheet.status === 'accepted') sheet.counting = sheet.top;
  }

  #beside(kind: string, event: Json, offset: number, isHome: (unit: string) => boolean): Verdict {
    const { subject, data } = event;
    if (kind === 'station.closed') {
      if (!this.#isStation(subject)) return no('unknown-station');
      if (!isHome(subject)) return no('wrong-shard');
      const known = this.#remembered(event);
      if (known) return known;
      const { into } = data;
      if (into !== undefined && (into === subject || !this.#isStation(into))) return no('unknown-station');
      if (this.#closed.has(subject)) return no('not-allowed');
      this.#closed.add(subject);
      for (const { id } of this.#definition.contests)
        if (this.stations(id).includes(subject)) this.sheet(subject, id).stamp = offset;
      return ACCEPTED;
    }
    if (kind.startsWith('device.')) return this.#onDevice(event, isHome);
    if (kind === 'minutes.recorded') {
      if (!this.#contest(data.contest)) return no('unknown-contest');
      if (!this.stations(data.contest).some((station) => this.#up(station).includes(data.unit)))
        return no('not-in-contest');
      if (subject !== data.unit) return no('bad-structure');
      if (!isHome(subject)) return no('wrong-shard');
      return this.#remembered(event) ?? (this.#areParts(data.contest, data) ? ACCEPTED : no('bad-structure'));
    }
    const contest = this.#contest(subject);
    if (!contest) return no('unknown-contest');
    if (!isHome(this.#homeOf(subject))) return no('wrong-shard');
    const known = this.#remembered(event);
    if (known) return known;
    if (kind === 'candidate.withdrawn') {
      const name = `${subject}/${data.candidate}`;
      if (!this.#numbers(subject).includes(data.candidate)) return no('unknown-candidate');
      if (this.withdrawn.has(name)) return no('not-allowed');
      this.withdrawn.add(name);
      return ACCEPTED;
    }
    const isCertified = this.certified.has(subject);
    if (isCertified === (kind === 'contest.certified')) return no('not-allowed');
    if (isCertified) this.certified.delete(subject);
    else this.certified.set(subject, data.position);
    return ACCEPTED;
  }

  #onDevice({ type, subject, data, ...event }: Json, isHome: (unit: string) => boolean): Verdict {
    if (!this.#levels.has(subject)) return no('unknown-unit');
    if (!isHome(subject)) return no('wrong-shard');
    const known = this.#remembered({ type, subject, data, ...event });
    if (known) return known;
    const name = `${subject}/${data.device}`;
    const isEnrolling = type === 'tally.device.enrolled.v1';
    if (isEnrolling && createHash('sha256').update(data.key, 'base64').digest('hex').slice(0, 32) !== data.device)
      return no('bad-structure');
    if (this.#devices.get(name) !== (isEnrolling ? undefined : 'enrolled')) return no('not-allowed');
    this.#devices.set(name, isEnrolling ? 'enrolled' : 'revoked');
    return ACCEPTED;
  }

  /* ---------------------------------------------- the package */

  #contest(id: string): Definition['contests'][number] | undefined {
    return this.#definition.contests.find((row) => row.id === id);
  }

  #isStation(code: string): boolean {
    return this.#levels.get(code) === this.#definition.levels.length - 1;
  }

  /** The unit itself, then the units above it. */
  #up(code: string): string[] {
    const path: string[] = [];
    for (let at: string | null = code; at !== null; at = this.#parents.get(at) ?? null) path.push(at);
    return path;
  }

  #keyOf(code: string): string {
    const shardLevel = this.#definition.levels.findIndex(({ id }) => id === this.#definition.shardLevel);
    return this.#up(code).find((unit) => this.#levels.get(unit)! <= shardLevel)!;
  }

  #homeOf(contest: string): string {
    const paths = this.#contest(contest)!.area.map((code) => this.#up(code));
    return paths[0]!.find((unit) => paths.every((path) => path.includes(unit)))!;
  }

  /** The stations that vote in a contest. */
  stations(contest: string): readonly string[] {
    const known = this.#stations.get(contest);
    if (known) return known;
    const { area } = this.#contest(contest)!;
    const listed = this.#definition.electorates.filter((row) => row.contest === contest);
    const stations = this.#definition.units
      .map(({ code }) => code)
      .filter((code) => this.#isStation(code) && this.#up(code).some((unit) => area.includes(unit)))
      .filter((code) => listed.length === 0 || listed.some((row) => row.station === code));
    this.#stations.set(contest, stations);
    return stations;
  }

  #voters(station: string, contest: string): number | undefined {
    const rows = this.#definition.electorates.filter((row) => row.contest === contest);
    if (rows.length > 0) return rows.find((row) => row.station === station)?.registered;
    return this.#definition.units.find(({ code }) => code === station)?.registered;
  }

  /** The fields of a contest's form with the names they have on a sheet. */
  #fields(contest: string): { name: string; field: FormField }[] {
    const { form, seats } = this.#contest(contest)!;
    return this.#definition.forms[form]!.fields.flatMap((field) =>
      field.repeat
        ? Array.from({ length: seats }, (_, n) => ({ name: `${field.id}.${n + 1}`, field }))
        : [{ name: field.id, field }],
    );
  }

  #numbers(contest: string): string[] {
    return this.#definition.candidates.filter((row) => row.contest === contest).map(({ number }) => number);
  }

  /** The figures of a sheet by name; null where they are not what the form asks for. */
  #names(contest: string, sent: Json): Names | null {
    const complete =
      this.#fields(contest).every(({ name, field }) => field.optional || name in sent.fields) &&
      this.#numbers(contest).every((number) => number in sent.votes);
    return complete && this.#areParts(contest, sent) ? this.#spelled(contest, sent) : null;
  }

  #areParts(contest: string, sent: Json): boolean {
    const fields = new Map(this.#fields(contest).map(({ name, field }) => [name, field]));
    const numbers = this.#numbers(contest);
    const isCount = (value: unknown): boolean =>
      typeof value === 'number' && /^\d{1,9}$/.test(String(value)) && !Object.is(value, -0);
    return (
      Object.entries(sent.fields).every(([name, value]) =>
        fields.get(name)?.type === 'time' ? typeof value === 'string' : fields.has(name) && isCount(value),
      ) && Object.entries(sent.votes).every(([number, value]) => numbers.includes(number) && isCount(value))
    );
  }

  #spelled(contest: string, sent: Json): Names {
    const names: Record<string, number | string> = {};
    for (const { name, field } of this.#fields(contest))
      if (name in sent.fields) names[field.type === 'time' ? `time.${name}` : `field.${name}`] = sent.fields[name];
    for (const number of this.#numbers(contest)) names[`votes.${number}`] = sent.votes[number];
    return names;
  }

  /* ---------------------------------------------- adding up */

  /** The long form of results: every unit, every contest, the tracks asked for (contracts §4). */
  csv(tracks: readonly string[] = ['provisional', 'verified'], only?: string): string {
    const lines: string[] = [];
    for (const { id } of this.#definition.contests) {
      if (only !== undefined && id !== only) continue;
      const below = new Map<string, string[]>();
      for (const station of this.stations(id))
        for (const unit of this.#up(station)) below.set(unit, [...(below.get(unit) ?? []), station]);
      for (const [unit, stations] of below)
        for (const [key, value] of Object.entries(this.#node(id, stations, tracks)))
          lines.push(`${unit},${id},${key},${value}\n`);
    }
    return `unit,contest,track,key,value\n${lines.sort().join('')}`;
  }

  #node(contest: string, stations: readonly string[], tracks: readonly string[]): Record<string, number> {
    const rows: Record<string, number> = {};
    const add = (key: string, value: number): void => {
      rows[key] = (rows[key] ?? 0) + value;
    };
    const optional = this.#fields(contest).filter(({ field }) => field.optional && field.type !== 'time');
    for (const station of stations) {
      const sheet = this.sheet(station, contest);
      const progress = this.#progress(station, contest, sheet);
      for (const [name, value] of Object.entries(progress)) add(`,progress.${name}`, value);
      for (const track of tracks) {
        const copy = countedIn(sheet, track);
        if (!copy) continue;
        for (const [name, value] of Object.entries(copy.names))
          if (typeof value === 'number') add(`${track},${name}`, value);
        for (const { name } of optional) add(`${track},present.${name}`, `field.${name}` in copy.names ? 1 : 0);
      }
    }
    return rows;
  }

  #progress(station: string, contest: string, sheet: PlainSheet): Record<string, number> {
    const { status } = sheet;
    const is = (condition: boolean): number => (condition ? 1 : 0);
    const voters = this.#voters(station, contest) ?? 0;
    return {
      stations: 1,
      received: is(sheet.copies.length > 0 && status !== 'annulled'),
      counted: is(sheet.counting !== null),
      verified: is(sheet.counting !== null && sheet.signed),
      held: is(status === 'held'),
      disputed: is(status === 'disputed'),
      awaiting: is(status === 'awaiting-second'),
      returned: is(status === 'returned'),
      annulled: is(status === 'annulled'),
      sealed: is(sheet.sealed),
      closed: is(this.#closed.has(station)),
      registered: voters,
      registeredCounted: sheet.counting ? voters : 0,
    };
  }
}
