/** One election of an installation, answered in this process. */
import { createHash, randomUUID } from 'node:crypto';
import type { Action, FreezeOrder } from '#access';
import { type Contest, FULL_SIGHT, formatPosition, type Unit } from '#domain';
import { columnsOf, intakeSink, type SheetColumns, type SheetSink } from '#intake';
import { type OwnKeys, signReceipt, verifierKeyOf } from '#log-tree';
import {
  type AttemptFilter,
  attemptMessage,
  bodyAnswer,
  bodyCsv,
  electionAnswer,
  type FindingRow,
  findingRows,
  historyAnswer,
  lineageAnswer,
  type ResultQuery,
  replayElection,
  resolveAt,
  resultsAnswer,
  resultsCsv,
  type ServedElection,
  searchAttempts,
  unitAnswer,
  unitsOf,
  View,
} from '#projection';
import type { ReadModel } from '#read-model';
import type {
  AttemptMessage,
  ElectionAnswer,
  FreezeRecord,
  HistoryAnswer,
  LineageAnswer,
  ReplayProgress,
  ReplayReport,
  ResultsAnswer,
  UnitAnswer,
} from '#wire';
import { freezePublication, freezeRecord, frozenNow } from '../../api/index.ts';
import type { Installation } from '../../server/installation.ts';
import { refused } from '../errors.ts';
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
import { decided } from './decided.ts';
import { directDevices } from './direct-devices.ts';
import { exportDirectly, inWords } from './direct-export.ts';
import type { Identity } from './identity.ts';
import { contestNamed, contestOfUnit, levelNamed, mustHaveBody, mustHaveRule, unitNamed } from './names.ts';
import { type OnProgress, watched } from './watched.ts';

export interface DirectElectionParts {
  readonly installation: Installation;
  readonly identity: Identity;
  readonly served: ServedElection;
  /** The folder of the keys that sign exports; undefined where none was named. */
  readonly keys: string | undefined;
  /** Waits for something the projection brings about. */
  readonly untilDone: (isDone: () => boolean) => Promise<void>;
}

export class DirectElection implements ElectionClient {
  readonly id: string;
  readonly #parts: DirectElectionParts;
  readonly #served: ServedElection;

  constructor(parts: DirectElectionParts) {
    this.#parts = parts;
    this.#served = parts.served;
    this.id = parts.served.election.definition.id;
  }

  async summary(): Promise<ElectionAnswer> {
    return this.#withView(async (view) => electionAnswer(view));
  }

  async place(unit: string): Promise<UnitAnswer> {
    const found = unitNamed(this.#served.election, unit);
    return this.#withView((view) => unitAnswer(view, found));
  }

  async columns(): Promise<SheetColumns> {
    return columnsOf(this.#served.election);
  }

  async sink({ withReceipts = false } = {}): Promise<SheetSink> {
    const { installation, identity } = this.#parts;
    const { election } = this.#served;
    const key = withReceipts ? await inWords(installation.publicLog.key(this.id)) : null;
    const message = (station: Unit): string => identity.refusal('submit-sheet', station.code);
    return intakeSink({
      intake: installation.intake,
      projection: installation.projection,
      served: this.#served,
      receiptOf: key ? (record) => signReceipt(this.id, record, key) : undefined,
      actorFor: (station) =>
        identity.tryActor('submit-sheet', station, election) ?? {
          pointer: '/station',
          code: 'not-permitted',
          message: message(station),
        },
    });
  }

  async results(request: ResultsRequest): Promise<ResultsAnswer> {
    const query = this.#query(request);
    const { body, tracks, at } = request;
    return this.#withView(
      (view) => (body === undefined ? resultsAnswer(view, query, tracks) : bodyAnswer(view, query, body, tracks)),
      at,
    );
  }

  async *resultsCsv(request: ResultsRequest, onProgress?: OnProgress): AsyncGenerator<string> {
    const query = this.#query(request);
    const { body, tracks, at } = request;
    const view = await this.#view(at);
    try {
      const chunks = body === undefined ? resultsCsv(view, query, tracks) : bodyCsv(view, query, body, tracks);
      const units = onProgress ? unitsOf(query) : [];
      const places = new Map(units.map(({ code }, i) => [code, i]));
      const placeOf = (chunk: string): number => places.get(unitOfLastRow(chunk)) ?? 0;
      yield* watched(chunks, placeOf, units.length, onProgress);
    } finally {
      view.close();
    }
  }

  #query({ unit, depth, level, contest, body }: ResultsRequest): ResultQuery {
    const { election } = this.#served;
    if (body !== undefined) mustHaveBody(election, body);
    const start = unit === undefined ? election.root : unitNamed(election, unit);
    return {
      unit: start,
      ...(depth !== undefined && { depth }),
      ...(level !== undefined && { level: levelNamed(election, level) }),
      ...(contest !== undefined && { contest: contestOfUnit(election, contest, start) }),
    };
  }

  async *findings({ unit, rule, severity }: FindingsRequest, onProgress?: OnProgress): AsyncGenerator<FindingRow> {
    const { election } = this.#served;
    if (rule !== undefined) mustHaveRule(election, rule);
    const query = {
      ...(unit !== undefined && { unit: unitNamed(election, unit) }),
      ...(rule !== undefined && { rule }),
      ...(severity !== undefined && { severity }),
    };
    const codes = election.units.filter(({ isStation }) => isStation).map(({ code }) => code);
    const places = new Map(codes.sort().map((code, i) => [code, i]));
    const view = await this.#view();
    try {
      yield* watched(findingRows(view, query), ({ station }) => places.get(station) ?? 0, places.size, onProgress);
    } finally {
      view.close();
    }
  }

  async history(station: string, contest: string): Promise<HistoryAnswer> {
    const unit = unitNamed(this.#served.election, station);
    const found = contestOfUnit(this.#served.election, contest, unit);
    return this.#withView((view) => historyAnswer(view, unit, found, FULL_SIGHT));
  }

  async attempts({ unit: code, contest: id, from, to, rule, ...rest }: AttemptsRequest): Promise<FoundAttempts> {
    const { election } = this.#served;
    const unit = code === undefined ? this.#parts.identity.area(election) : unitNamed(election, code);
    this.#parts.identity.actor('search', unit, election);
    if (rule !== undefined) mustHaveRule(election, rule);
    const filter: AttemptFilter = {
      unit,
      ...rest,
      rule,
      ...(id !== undefined && { contest: contestOfUnit(election, id, unit) }),
      ...(from !== undefined && { from: Date.parse(from) }),
      ...(to !== undefined && { to: Date.parse(to) }),
    };
    const view = await this.#view();
    return { position: formatPosition(view.position), attempts: messagesOf(view, filter) };
  }

  async lineage({ unit, contest, track, key }: LineageRequest): Promise<LineageAnswer> {
    const found = unitNamed(this.#served.election, unit);
    const wanted = contestOfUnit(this.#served.election, contest, found);
    return this.#withView((view) => lineageAnswer(view, found, wanted, track, key));
  }

  /** SHA-256 of the CSV of everything (contracts §7), told on the way. */
  async fingerprint(contest?: string, onProgress?: OnProgress): Promise<Fingerprinted> {
    const position = await this.#withView(async (view) => formatPosition(view.position));
    const hash = createHash('sha256');
    const request: ResultsRequest = { depth: 'all', at: position, ...(contest !== undefined && { contest }) };
    for await (const chunk of this.resultsCsv(request, onProgress)) hash.update(chunk);
    return { fingerprint: hash.digest('hex'), position };
  }

  async replay(
    options: { readonly switch: boolean },
    onProgress: (progress: ReplayProgress) => void,
  ): Promise<ReplayReport> {
    const { installation, untilDone } = this.#parts;
    const { projection, models } = installation;
    const { log, election } = this.#served;
    this.#parts.identity.actor('replay', election.root, election);
    const ends = await Promise.all(Array.from({ length: log.shards }, (_, shard) => log.end(shard)));
    // The live workers must have read the log themselves: what they stand at is what the rebuilt model is compared at.
    await untilDone(() => {
      const at = projection.position(this.id);
      return ends.every((end, shard) => (at[shard] ?? 0) >= end);
    });
    return replayElection({ projection, models }, this.#served, { switch: options.switch, onProgress });
  }

  async certify(contest: string, wanted: string, reason: string): Promise<Decided> {
    const { contest: found, actor } = this.#decides(contest, 'certify');
    const request = { id: randomUUID(), fingerprint: wanted, reason };
    const result = await this.#parts.installation.intake.certify(this.#served, found, request, actor);
    if (result.kind === 'other-fingerprint')
      throw refused(
        `The result of ${contest} has the fingerprint ${result.fingerprint} at position ${result.position}, not ${wanted}: look at it again before certifying.`,
      );
    return decided(result);
  }

  async reopen(contest: string, reason: string): Promise<Decided> {
    const { contest: found, actor } = this.#decides(contest, 'reopen');
    const act = {
      type: 'tally.contest.reopened.v1' as const,
      id: randomUUID(),
      subject: found.id,
      unit: found.home,
      data: { reason },
    };
    return decided(await this.#parts.installation.intake.act(this.#served, act, actor));
  }

  async freeze(reason: string): Promise<FreezeRecord> {
    const made = await freezePublication(this.#parts.installation, this.#served, this.#freezeOrder(reason));
    if (!made) throw refused('Publication is frozen already: lift that first.');
    return freezeRecord(made);
  }

  async liftFreeze(reason: string): Promise<FreezeRecord> {
    const lifted = await this.#parts.installation.freezes.lift(this.id, this.#freezeOrder(reason));
    if (!lifted) throw refused('Publication is not frozen.');
    return freezeRecord(lifted);
  }

  #freezeOrder(reason: string): FreezeOrder {
    const { election } = this.#served;
    return { id: randomUUID(), reason, by: this.#parts.identity.actor('freeze-publication', election.root, election) };
  }

  async keys(): Promise<LogKeys> {
    return logKeysOf(this.id, await inWords(this.#parts.installation.publicLog.keys(this.id)));
  }

  async rotateKey(present: string): Promise<LogKeys> {
    const { installation, identity } = this.#parts;
    const { election } = this.#served;
    identity.actor('rotate-key', election.root, election);
    return logKeysOf(this.id, await inWords(installation.publicLog.rotate(this.id, present)));
  }

  get devices(): DevicesClient {
    return directDevices(this.#parts, (read) => this.#withView(read));
  }

  async export(request: ExportRequest, onProgress?: OnProgress): Promise<Exported> {
    const view = await this.#viewToExport(request);
    try {
      return await exportDirectly({ ...this.#parts, view }, request, onProgress);
    } finally {
      view.close();
    }
  }

  /** While publication is frozen there is nothing newer for everybody. */
  async #viewToExport({ publicOnly }: ExportRequest): Promise<View> {
    const frozen = publicOnly ? await frozenNow(this.#parts.installation, this.#served) : null;
    return frozen ? View.open(this.#served, await this.#model(), frozen.at, frozen.answer) : this.#view();
  }

  #decides(contest: string, action: Action) {
    const { election } = this.#served;
    const found: Contest = contestNamed(election, contest);
    return { contest: found, actor: this.#parts.identity.actor(action, found.home, election) };
  }

  async #view(at?: string): Promise<View> {
    const model = await this.#model();
    if (at === undefined) return View.open(this.#served, model);
    const resolved = await resolveAt(this.#served, model, at);
    if ('problem' in resolved) throw refused(resolved.problem);
    return View.open(this.#served, model, resolved.position);
  }

  async #model(): Promise<ReadModel> {
    const model = await this.#parts.installation.projection.model(this.id);
    if (!model) throw new Error(`the read model of ${this.id} is not projected`);
    return model;
  }

  async #withView<T>(use: (view: View) => Promise<T>, at?: string): Promise<T> {
    const view = await this.#view(at);
    try {
      return await use(view);
    } finally {
      view.close();
    }
  }
}

/** Closes the view at its end. */
async function* messagesOf(view: View, filter: AttemptFilter): AsyncGenerator<AttemptMessage> {
  try {
    const attempts = watched(searchAttempts(view, filter), () => 0, 1, undefined);
    for await (const attempt of attempts) yield attemptMessage(view.served.election, attempt);
  } finally {
    view.close();
  }
}

/** The unit of the last row of a chunk of CSV. */
function unitOfLastRow(chunk: string): string {
  const start = chunk.lastIndexOf('\n', chunk.length - 2) + 1;
  return chunk.slice(start, chunk.indexOf(',', start));
}

function logKeysOf(election: string, keys: OwnKeys): LogKeys {
  return { key: verifierKeyOf(election, keys), rotations: keys.rotations };
}
