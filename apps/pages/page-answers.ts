/**
 * What a page is rendered from: the answers that the API would give the public now, all read at one position. So
 * `publish` and `lowestLevel` hold here by the same code, whoever asks.
 */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Contest, Unit } from '#domain';
import type { PublicLog } from '#log-tree';
import {
  contestShown,
  electionAnswer,
  electionsAnswer,
  foundUnits,
  historyAnswer,
  overviewAnswer,
  type ServedElection,
  sheetAnswer,
} from '#projection';
import type { CorrectionsAnswer, ElectionAnswer } from '#wire';
import { Desk, KnownCorrections, publicViewer, withReceipts } from '../api/index.ts';
import { addresses } from '../web/live/addresses.ts';
import { links, type Route } from '../web/route.ts';
import { auditAnswers } from './audit-answers.ts';
import { newsroomAnswers } from './newsroom-answers.ts';
import {
  type Answers,
  type Decide,
  type Found,
  facts,
  MISSING,
  openView,
  openViewAt,
  type Past,
  PRIVATE,
  plain,
  type Reading,
} from './reading.ts';
import { unitAnswers } from './unit-answers.ts';

/** Pages that show an election to everybody. */
type OfElection = Exclude<Extract<Route, { election: string }>, { page: 'board' | 'replay' }>;

/** An answer that a page shows beside what it says of the election. */
interface Beside {
  address(election: string, at?: string): string;
  read(reading: Reading): Promise<unknown>;
}

const OVERVIEW: Beside = {
  address: addresses.overview,
  read: ({ view, viewer }) => overviewAnswer(view, viewer.sight),
};

@Injectable()
export class PageAnswers {
  readonly #desk: Desk;
  readonly #corrections: KnownCorrections;
  constructor(@Inject(Desk) desk: Desk, @Inject(KnownCorrections) corrections: KnownCorrections) {
    this.#desk = desk;
    this.#corrections = corrections;
  }

  async find(route: Exclude<Route, { page: 'start' }>): Promise<Found> {
    switch (route.page) {
      case 'missing':
        return MISSING;
      case 'elections':
        return this.#elections();
      case 'sign-in':
        return PRIVATE;
      case 'board':
      case 'replay':
        return (await this.#served(route.election)) ? PRIVATE : MISSING;
      case 'unit':
      case 'sheet':
      case 'overview':
      case 'past-overview':
      case 'search':
      case 'corrections':
      case 'about':
      case 'receipt':
      case 'attempts':
      case 'past':
      case 'lineage':
      case 'compare':
      case 'evening':
      case 'newsroom':
      case 'embed':
      case 'screen': {
        const served = await this.#served(route.election);
        return served ? this.#ofElection(served, route) : MISSING;
      }
    }
  }

  async #ofElection(served: ServedElection, route: OfElection): Promise<Found> {
    switch (route.page) {
      case 'unit':
        return this.#unit(served, route);
      case 'sheet':
        return this.#sheet(served, route);
      case 'overview':
        return this.#overview(served, route);
      case 'past-overview':
        return this.#pastOverview(served, route);
      case 'corrections':
        return this.#correctionsPage(served, route);
      case 'search': {
        const { wanted } = route;
        if (wanted.trim() === '') return this.#about(served);
        const address = (id: string): string => addresses.units(id, wanted);
        return this.#about(served, { address, read: async () => foundUnits(served.election, wanted) });
      }
      // The proof of a receipt is for the browser to check; attempts are told to accounts alone.
      case 'receipt':
      case 'attempts':
      case 'about':
        return this.#about(served);
      case 'past':
      case 'lineage':
      case 'compare':
      case 'evening':
        return auditAnswers(this.#desk, served, route);
      case 'newsroom':
        return newsroomAnswers(this.#desk, served, route);
      case 'embed':
        return this.#framed(served, route);
      // The other slides are asked for when their turn comes.
      case 'screen':
        return this.#framed(served, route.slides[0]!);
    }
  }

  async #overview(
    served: ServedElection,
    { language, election }: Extract<Route, { page: 'overview' }>,
  ): Promise<Found> {
    return withCard(await this.#about(served, OVERVIEW), links.card(language, election, served.election.root.code));
  }

  #pastOverview(served: ServedElection, { language, election, at }: Extract<Route, { page: 'past-overview' }>) {
    return this.#about(served, OVERVIEW, { at, addressAt: (position) => links.overview(language, election, position) });
  }

  #correctionsPage(served: ServedElection, { language, election, at }: Extract<Route, { page: 'corrections' }>) {
    const beside: Beside = {
      address: addresses.corrections,
      read: ({ view, viewer }) => this.#corrections.answer(view, viewer.sight),
    };
    const addressAt = (position: string): string => links.corrections(language, election, position);
    return this.#about(served, beside, at === undefined ? undefined : { at, addressAt });
  }

  /** A page about the election as a whole, now or as it was, and one answer that it shows beside. */
  #about(served: ServedElection, beside?: Beside, past?: Past): Promise<Found> {
    const { id } = served.election.definition;
    const decide: Decide = async (reading) => async () => ({
      [addresses.election(id)]: plain(electionAnswer(reading.view)),
      ...(beside && { [beside.address(id, past?.at)]: { etag: reading.etag, body: await beside.read(reading) } }),
    });
    return past ? openViewAt(this.#desk, served, past, decide) : this.#open(served, decide);
  }

  /** The newest corrections as the public sees them; undefined where there is no such election. */
  async corrections(id: string): Promise<{ answer: CorrectionsAnswer; election: ElectionAnswer } | undefined> {
    const served = await this.#served(id);
    if (!served) return undefined;
    return this.#desk.publicReading(served, async (view) => {
      const { sight } = await publicViewer(view, Date.now());
      return { answer: await this.#corrections.answer(view, sight), election: electionAnswer(view) };
    });
  }

  /** The only election's id, where there is one only. */
  async onlyElection(): Promise<string | undefined> {
    const [only, ...others] = await this.#desk.services.elections.list();
    return others.length > 0 ? undefined : only?.election.definition.id;
  }

  async #served(id: string): Promise<ServedElection | undefined> {
    const served = await this.#desk.services.elections.find(id);
    return served && (await this.#desk.services.projection.model(id)) ? served : undefined;
  }

  async #elections(): Promise<Found> {
    const answer = electionsAnswer(await this.#desk.services.elections.list());
    const tag = createHash('sha256').update(JSON.stringify(answer)).digest('base64url');
    return { kind: 'found', tag, read: async () => ({ [addresses.elections]: plain(answer) }), close: () => {} };
  }

  async #unit(served: ServedElection, route: Extract<Route, { page: 'unit' }>): Promise<Found> {
    const { election } = served;
    const unit = election.unit(route.unit);
    if (!unit) return MISSING;
    const contest = contestShown(election, unit, route.contest);
    const { language, election: id, track } = route;
    if (unit.isStation && contest) return { kind: 'moved', to: links.sheet(language, id, unit.code, contest.id) };
    const found = await this.#open(served, async (reading) => {
      if (!reading.viewer.sight.track(track)) return PRIVATE;
      return () => unitAnswers(reading, unit, { contest, track, wanted: route.contest });
    });
    return withCard(found, links.card(language, id, unit.code, contest?.id));
  }

  /** A contest at a unit without a page around it. */
  async #framed(
    served: ServedElection,
    place: { unit: string | undefined; contest: string | undefined },
  ): Promise<Found> {
    const { election } = served;
    const unit = place.unit === undefined ? election.root : election.unit(place.unit);
    if (!unit) return PRIVATE;
    const contest = contestShown(election, unit, place.contest);
    const shown = { contest, track: 'provisional', wanted: place.contest } as const;
    return this.#open(served, async (reading) => () => unitAnswers(reading, unit, shown));
  }

  async #sheet(served: ServedElection, route: Extract<Route, { page: 'sheet' }>): Promise<Found> {
    const { election } = served;
    const station = election.unit(route.station);
    const contest = election.contest(route.contest);
    if (!station?.isStation || !contest || !election.contestAt(contest, station)) return MISSING;
    const { publicLog } = this.#desk.services;
    const found = await this.#open(served, async (reading) => () => sheetPage(reading, publicLog, station, contest));
    return withCard(found, links.card(route.language, route.election, station.code, contest.id));
  }

  #open(served: ServedElection, decide: Decide): Promise<Found> {
    return openView(this.#desk, served, decide);
  }
}

function withCard(found: Found, card: string): Found {
  return found.kind === 'found' ? { ...found, card } : found;
}

async function sheetPage({ view, viewer }: Reading, log: PublicLog, station: Unit, contest: Contest): Promise<Answers> {
  const { id } = view.served.election.definition;
  const sheet = await sheetAnswer(view, station, contest, viewer.sight);
  const answers: Answers = {
    ...(await facts(view, station)),
    [addresses.sheet(id, station.code, contest.id)]: plain(sheet),
  };
  if (viewer.sight.results(contest, station.level))
    answers[addresses.history(id, station.code, contest.id)] = plain(
      await withReceipts(log, view.served, await historyAnswer(view, station, contest, viewer.sight)),
    );
  return answers;
}
