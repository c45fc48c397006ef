/** The desk every handler works at: finds what a request names, tells who may do what there, and opens views. */
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Account, type Action, actorOf, may } from '#access';
import { type Actor, type Contest, FULL_SIGHT, notBeyond, type Position, type Unit } from '#domain';
import { type ServedElection, View } from '#projection';
import type { ReadModel } from '#read-model';
import type { FreezeAnswer } from '#wire';
import { SERVICES, type Services } from '../services.ts';
import { accountOf, unauthenticated } from './authentication.ts';
import { frozenNow } from './frozen.ts';
import { ProblemError } from './problems.ts';
import { publicViewer, type Viewer } from './viewer.ts';

@Injectable()
export class Desk {
  readonly services: Services;

  constructor(@Inject(SERVICES) services: Services) {
    this.services = services;
  }

  async election(id: string): Promise<ServedElection> {
    const served = await this.services.elections.find(id);
    if (!served || !(await this.services.projection.model(id)))
      throw new ProblemError('unknown-election', `There is no election ${quoted(id)}.`);
    return served;
  }

  unit(served: ServedElection, code: string): Unit {
    const unit = served.election.unit(code);
    if (!unit) throw new ProblemError('unknown-unit', `There is no unit ${quoted(code)}.`);
    return unit;
  }

  station(served: ServedElection, code: string): Unit {
    const unit = served.election.unit(code);
    if (!unit?.isStation) throw new ProblemError('unknown-station', `There is no station ${quoted(code)}.`);
    return unit;
  }

  contest(served: ServedElection, id: string): Contest {
    const contest = served.election.contest(id);
    if (!contest) throw new ProblemError('unknown-contest', `There is no contest ${quoted(id)}.`);
    return contest;
  }

  /** A contest that has a station at or below the unit. */
  contestAt(served: ServedElection, id: string, unit: Unit): Contest {
    const contest = this.contest(served, id);
    if (!served.election.contestAt(contest, unit))
      throw new ProblemError('not-in-contest', `Contest ${contest.id} has no station at or below ${unit.code}.`);
    return contest;
  }

  sheet(served: ServedElection, stationCode: string, contestId: string): { station: Unit; contest: Contest } {
    const station = this.station(served, stationCode);
    return { station, contest: this.contestAt(served, contestId, station) };
  }

  /** The account, where it may do this at the unit. */
  permitted(request: FastifyRequest, action: Action, unit: Unit, served: ServedElection): Account {
    const account = accountOf(request);
    if (!account) throw unauthenticated();
    if (may(account, action, unit, served.election)) return account;
    throw new ProblemError(
      'not-permitted',
      `${unit.code} is not in the area where the account may do this (${action}).`,
    );
  }

  /** Who acts, as events name it. */
  actor(request: FastifyRequest, action: Action, unit: Unit, served: ServedElection): Actor {
    return actorOf(this.permitted(request, action, unit, served), served.election.root.code);
  }

  /** Whether the request's account sees all there is at the unit and below. */
  seesAll(request: FastifyRequest, unit: Unit, served: ServedElection): boolean {
    const account = accountOf(request);
    return account !== null && may(account, 'read', unit, served.election);
  }

  /** What the request may see at the unit and below (contracts §1, `publish`). */
  async viewer(request: FastifyRequest, view: View, unit: Unit): Promise<Viewer> {
    if (this.seesAll(request, unit, view.served))
      return { sight: FULL_SIGHT, isPublic: false, key: 'full', isFinal: true };
    return publicViewer(view, Date.now());
  }

  /**
   * The same for one sheet. Second entries are blind: in double entry a clerk does not see what another has entered
   * before it stands.
   */
  async sheetViewer(request: FastifyRequest, view: View, station: Unit): Promise<Viewer> {
    const viewer = await this.viewer(request, view, station);
    const isBlind = view.served.election.definition.entry === 'double' && accountOf(request)?.role === 'clerk';
    return isBlind && !viewer.isPublic ? { ...viewer, sight: { ...viewer.sight, log: false }, key: 'blind' } : viewer;
  }

  async model(served: ServedElection): Promise<ReadModel> {
    const model = await this.services.projection.model(served.election.definition.id);
    if (!model) throw new ProblemError('unavailable');
    return model;
  }

  /** Opens a view of all there is; who opens it closes it. */
  async view(served: ServedElection, at?: Position): Promise<View> {
    return View.open(served, await this.model(served), at);
  }

  /** Something of all there is, read at one position. */
  async reading<T>(served: ServedElection, read: (view: View) => Promise<T>, at?: Position): Promise<T> {
    return closing(await this.view(served, at), read);
  }

  /** Opens a view for the public: while publication is frozen, of then, and a problem where `at` lies beyond. */
  async publicView(served: ServedElection, at?: Position): Promise<View> {
    return this.#viewFor(false, served, at);
  }

  async publicReading<T>(served: ServedElection, read: (view: View) => Promise<T>): Promise<T> {
    return closing(await this.publicView(served), read);
  }

  /** Opens a view for a request: of all there is where its account sees that at the unit, else for the public. */
  async viewFor(request: FastifyRequest, unit: Unit, served: ServedElection, at?: Position): Promise<View> {
    return this.#viewFor(this.seesAll(request, unit, served), served, at);
  }

  async readingFor<T>(
    request: FastifyRequest,
    unit: Unit,
    served: ServedElection,
    read: (view: View) => Promise<T>,
    at?: Position,
  ): Promise<T> {
    return closing(await this.viewFor(request, unit, served, at), read);
  }

  async #viewFor(seesAll: boolean, served: ServedElection, at: Position | undefined): Promise<View> {
    const frozen = await frozenNow(this.services, served);
    if (frozen && !seesAll && at && !notBeyond(at, frozen.at)) throw frozenProblem(frozen.answer);
    const limit = frozen && !seesAll ? frozen.at : undefined;
    return View.open(served, await this.model(served), at ?? limit, frozen?.answer);
  }
}

async function closing<T>(view: View, read: (view: View) => Promise<T>): Promise<T> {
  try {
    return await read(view);
  } finally {
    view.close();
  }
}

export function frozenProblem(freeze: FreezeAnswer): ProblemError {
  const { since, position, reason } = freeze;
  const detail = `Publication is frozen since ${since}, at position ${position}: ${reason}`;
  return new ProblemError('not-public', { detail, more: { freeze } });
}

function quoted(text: string): string {
  return `"${text.slice(0, 80)}"`;
}
