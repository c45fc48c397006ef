/** One election of a running server. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SheetColumns, SheetSink } from '#intake';
import type { FindingRow } from '#projection';
import { type ExportDescription, splitKeys } from '#transparency';
import type {
  AttemptMessage,
  ContestSummary,
  DeviceAnswer,
  ElectionAnswer,
  FreezeRecord,
  HistoryAnswer,
  LineageAnswer,
  ReplayProgress,
  ReplayReport,
  ResultsAnswer,
  UnitAnswer,
} from '#wire';
import { refused, unreachable } from '../errors.ts';
import { unknownName } from '../suggest.ts';
import type {
  AttemptsRequest,
  Decided,
  DevicesClient,
  ElectionClient,
  Exported,
  ExportRequest,
  FindingsRequest,
  Fingerprinted,
  FoundAttempts,
  LineageRequest,
  LogKeys,
  ResultsRequest,
} from './client.ts';
import { HttpLog, mirrorFrom } from './http-log.ts';
import { httpSink } from './http-sink.ts';
import { type Query, ServerProblem, type Transport } from './http-transport.ts';
import type { OnProgress } from './watched.ts';

/** Tries of an act whose outcome the log did not confirm; its id makes a repeat harmless. */
const TRIES = 5;
const WAIT_MS = 300;

export class HttpElection implements ElectionClient {
  readonly id: string;
  readonly #transport: Transport;
  readonly #base: string;
  readonly #root: string;

  constructor(transport: Transport, { id, root }: ElectionAnswer) {
    this.id = id;
    this.#transport = transport;
    this.#base = `/elections/${encodeURIComponent(id)}`;
    this.#root = root;
  }

  summary(): Promise<ElectionAnswer> {
    return this.#get('');
  }

  place(unit: string): Promise<UnitAnswer> {
    return this.#get(`/units/${encodeURIComponent(unit)}`);
  }

  async columns(): Promise<SheetColumns> {
    const fields = new Map<string, 'count' | 'text' | 'count-or-time'>();
    const candidates = new Set<string>();
    for (const contest of await this.#contests()) {
      for (const [id, kind] of fieldsOf(contest)) {
        const known = fields.get(id);
        fields.set(id, known === undefined || known === kind ? kind : 'count-or-time');
      }
      for (const { number } of contest.candidates) candidates.add(number);
    }
    return { fields, candidates };
  }

  async sink({ withReceipts = false } = {}): Promise<SheetSink> {
    return httpSink(this.#transport, this.#base, withReceipts);
  }

  results({ unit, ...request }: ResultsRequest): Promise<ResultsAnswer> {
    return this.#get(`/results/${encodeURIComponent(unit ?? this.#root)}`, queryOf(request));
  }

  async *resultsCsv({ unit, ...request }: ResultsRequest): AsyncGenerator<Uint8Array> {
    const query = { ...queryOf(request), unit: unit ?? this.#root };
    try {
      yield* this.#transport.bytes(`${this.#base}/results.csv`, query);
    } catch (error) {
      throw await this.#withNames(error, query);
    }
  }

  async *findings({ unit, rule, severity }: FindingsRequest): AsyncGenerator<FindingRow> {
    const decoder = new TextDecoder();
    let rest = '';
    let isHeader = true;
    for await (const chunk of this.#transport.bytes(`${this.#base}/findings`, {
      unit,
      rule,
      severity,
      format: 'csv',
    })) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!isHeader) yield findingOf(line);
        isHeader = false;
      }
    }
  }

  history(station: string, contest: string): Promise<HistoryAnswer> {
    return this.#get(`/sheets/${encodeURIComponent(station)}/${encodeURIComponent(contest)}/history`, {}, contest);
  }

  async attempts(request: AttemptsRequest): Promise<FoundAttempts> {
    const query: Query = { ...request, format: 'ndjson' };
    try {
      const response = await this.#transport.send('GET', `${this.#base}/attempts`, query);
      const position = response.headers.get('tally-position') ?? '';
      return { position, attempts: this.#transport.lines(response) as AsyncIterable<AttemptMessage> };
    } catch (error) {
      throw await this.#withNames(error, query);
    }
  }

  lineage({ unit, contest, track, key }: LineageRequest): Promise<LineageAnswer> {
    return this.#get(`/results/${encodeURIComponent(unit)}/lineage`, { contest, track, key: key ?? undefined });
  }

  fingerprint(contest?: string): Promise<Fingerprinted> {
    return this.#get('/fingerprint', { contest });
  }

  async replay(
    options: { readonly switch: boolean },
    onProgress: (progress: ReplayProgress) => void,
  ): Promise<ReplayReport> {
    const content = JSON.stringify(options);
    const response = await this.#transport.send(
      'POST',
      `${this.#base}/replay`,
      {},
      { type: 'application/json', content },
    );
    for await (const line of this.#transport.lines(response)) {
      const said = line as ReplayProgress | { report: ReplayReport } | { problem: { title?: string; detail?: string } };
      if ('report' in said) return said.report;
      if ('problem' in said) throw refused(said.problem.detail ?? said.problem.title ?? 'the replay failed');
      onProgress(said);
    }
    throw refused('The server ended the replay without a report.');
  }

  certify(contest: string, fingerprint: string, reason: string): Promise<Decided> {
    return this.#decide(contest, 'certify', { id: randomUUID(), fingerprint, reason });
  }

  reopen(contest: string, reason: string): Promise<Decided> {
    return this.#decide(contest, 'reopen', { id: randomUUID(), reason });
  }

  async #decide(contest: string, act: string, body: unknown): Promise<Decided> {
    try {
      return await this.#act(`/contests/${encodeURIComponent(contest)}/${act}`, body);
    } catch (error) {
      throw await this.#withNames(error, { contest });
    }
  }

  async #act(path: string, body: unknown): Promise<Decided> {
    for (let tries = 1; ; tries += 1)
      try {
        const { attempt, status } = await this.#transport.json<{ attempt: string; status?: string }>(
          'POST',
          this.#base + path,
          {},
          body,
        );
        if (status === 'pending')
          throw unreachable(`Written at ${attempt}, but not taken in yet; look again in a moment.`);
        return { position: attempt };
      } catch (error) {
        if (error instanceof ServerProblem && error.status === 503 && tries < TRIES) {
          await delay(tries * WAIT_MS);
          continue;
        }
        if (error instanceof ServerProblem && typeof error.problem.fingerprint === 'string')
          throw refused(`${error.message} It has ${error.problem.fingerprint} now.`);
        throw error;
      }
  }

  freeze(reason: string): Promise<FreezeRecord> {
    return this.#publication('freeze', reason);
  }

  liftFreeze(reason: string): Promise<FreezeRecord> {
    return this.#publication('lift', reason);
  }

  #publication(act: string, reason: string): Promise<FreezeRecord> {
    return this.#transport.json('POST', `${this.#base}/publication/${act}`, {}, { id: randomUUID(), reason });
  }

  async keys(): Promise<LogKeys> {
    const text = await new HttpLog(this.#transport.address, this.id, this.#transport.token).read('log/key');
    return splitKeys(Buffer.from(text ?? []).toString());
  }

  async rotateKey(key: string): Promise<LogKeys> {
    const body = { type: 'application/json', content: JSON.stringify({ key }) } as const;
    const response = await this.#transport.send('POST', `${this.#base}/log/key/rotate`, {}, body);
    return splitKeys(await response.text());
  }

  readonly devices: DevicesClient = {
    add: ({ unit, key, role }) => this.#act('/devices', { id: randomUUID(), unit, key, role }),
    list: async () => (await this.#get<{ devices: DeviceAnswer[] }>('/devices')).devices,
    revoke: (device, reason) =>
      this.#act(`/devices/${encodeURIComponent(device)}/revoke`, { id: randomUUID(), reason }),
  };

  /** What the token may see; with all results in sight the server signs their fingerprint for it. */
  async export({ folder, publicOnly }: ExportRequest, onProgress?: OnProgress): Promise<Exported> {
    const { address } = this.#transport;
    const everybody = new HttpLog(address, this.id);
    const source = publicOnly ? everybody : new HttpLog(address, this.id, this.#transport.token);
    const { description } = await mirrorFrom(source, { folder, newest: true, ...(onProgress && { onProgress }) });
    return { description, unpublished: await this.#unpublished(everybody, description) };
  }

  async #unpublished(everybody: HttpLog, { log, fingerprint }: ExportDescription): Promise<string[]> {
    const parts: string[] = [];
    if (log === 'entries' && !(await everybody.read('log/0/tile/entries/000.p/1'))) parts.push('the events');
    if (fingerprint !== null && !(await everybody.read('fingerprint'))) parts.push('the results');
    return parts;
  }

  async #get<T>(path: string, query: Query = {}, contest?: string): Promise<T> {
    try {
      return await this.#transport.json<T>('GET', this.#base + path, query);
    } catch (error) {
      throw await this.#withNames(error, { contest, ...query });
    }
  }

  /** A server says that a contest or body does not exist; what there is, is asked for. */
  async #withNames(error: unknown, { contest, body }: Query): Promise<unknown> {
    if (!(error instanceof ServerProblem)) return error;
    if (error.code === 'unknown-contest' && typeof contest === 'string')
      return refused(
        unknownName(
          'contest',
          contest,
          (await this.#contests()).map(({ id }) => id),
        ),
      );
    const isBody = error.problem.errors?.some(({ code }) => code === 'unknown-body');
    if (!isBody || typeof body !== 'string') return error;
    const bodies = new Set((await this.#contests()).flatMap((one) => (one.body === undefined ? [] : [one.body])));
    return refused(unknownName('body', body, bodies));
  }

  async #contests(): Promise<readonly ContestSummary[]> {
    return (await this.place(this.#root)).contests;
  }
}

function queryOf({ depth, level, contest, body, tracks, at }: Omit<ResultsRequest, 'unit'>): Query {
  // Said in full: without it the server gives the CSV of everything.
  return { depth: depth ?? 0, level, contest, body, track: tracks, at };
}

function fieldsOf({ fields, seats }: ContestSummary): [string, 'count' | 'text'][] {
  return fields.flatMap((field): [string, 'count' | 'text'][] => {
    if (field.type === 'time') return [[field.id, 'text']];
    if (!field.repeat) return [[field.id, 'count']];
    return Array.from({ length: seats }, (_, i) => [`${field.id}.${i + 1}`, 'count']);
  });
}

function findingOf(line: string): FindingRow {
  const [station = '', contest = '', revision = '', status = '', rule = '', severity = ''] = line.split(',');
  return { station, contest, revision: Number(revision), status, rule, severity } as FindingRow;
}
