/**
 * What a page is rendered from: the answers that the API would give the public now, all read at one position. So
 * `publish` and `lowestLevel` hold here by the same code, whoever asks.
 */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Contest, Track, Unit } from '#domain';
import {
  childrenAnswer,
  electionAnswer,
  electionsAnswer,
  foundUnits,
  historyAnswer,
  overviewAnswer,
  resultsAnswer,
  type ServedElection,
  sheetAnswer,
  timelineAnswer,
  unitAnswer,
  type View,
} from '#projection';
import type { CorrectionsAnswer, ElectionAnswer } from '#wire';
import { Desk, entityTag, KnownCorrections, publicViewer, type Viewer } from '../api/index.ts';
import { addresses } from '../web/live/addresses.ts';
import type { Kept } from '../web/rendering.ts';
import { links, type Route } from '../web/route.ts';

export type Answers = Record<string, Kept>;

/** `tag` names all that the answers depend on; what is found to be open must be closed. */
export type Found =
  | { readonly kind: 'missing' }
  | { readonly kind: 'moved'; readonly to: string }
  /** Not for everybody: the browser asks for all of it. */
  | { readonly kind: 'private' }
  | {
      readonly kind: 'found';
      readonly tag: string;
      /** Path of the picture that stands for the page where its address is shared; none for pages without a place. */
      readonly card?: string;
      read(): Promise<Answers>;
      close(): void;
    };

/** Pages that show an election to everybody. */
type OfElection = Exclude<Extract<Route, { election: string }>, { page: 'newsroom' | 'board' | 'embed' | 'screen' }>;

const MISSING: Found = { kind: 'missing' };
const PRIVATE: Found = { kind: 'private' };

/** What a page's answers are read with. */
interface Reading {
  readonly view: View;
  readonly viewer: Viewer;
  /** Entity tag of answers about figures. */
  readonly etag: string;
}

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
      case 'newsroom':
      case 'embed':
      case 'screen':
      case 'board':
        return (await this.#served(route.election)) ? PRIVATE : MISSING;
      case 'unit':
      case 'sheet':
      case 'overview':
      case 'search':
      case 'corrections':
      case 'about': {
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
        return withCard(
          await this.#about(served, addresses.overview, ({ view, viewer }) => overviewAnswer(view, viewer.sight)),
          links.card(route.language, route.election, served.election.root.code),
        );
      case 'corrections':
        return this.#about(served, addresses.corrections, ({ view, viewer }) =>
          this.#corrections.answer(view, viewer.sight),
        );
      case 'search': {
        const { wanted } = route;
        if (wanted.trim() === '') return this.#about(served);
        const address = (id: string): string => addresses.units(id, wanted);
        return this.#about(served, address, async () => foundUnits(served.election, wanted));
      }
      case 'about':
        return this.#about(served);
    }
  }

  /** A page about the election as a whole, and one answer that it shows beside. */
  #about(
    served: ServedElection,
    address?: (election: string) => string,
    read?: (reading: Reading) => Promise<unknown>,
  ): Promise<Found> {
    const { id } = served.election.definition;
    return this.#open(served, async (reading) => async () => ({
      [addresses.election(id)]: plain(electionAnswer(reading.view)),
      ...(address && read && { [address(id)]: { etag: reading.etag, body: await read(reading) } }),
    }));
  }

  /** The newest corrections as the public sees them; undefined where there is no such election. */
  async corrections(id: string): Promise<{ answer: CorrectionsAnswer; election: ElectionAnswer } | undefined> {
    const served = await this.#served(id);
    if (!served) return undefined;
    return this.#desk.reading(served, async (view) => {
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
    const contests = election.contestsAt(unit);
    const contest = contests.find(({ id }) => id === route.contest) ?? contests[0];
    const { language, election: id, track } = route;
    if (unit.isStation && contest) return { kind: 'moved', to: links.sheet(language, id, unit.code, contest.id) };
    const found = await this.#open(served, async (reading) => {
      if (!reading.viewer.sight.track(track)) return PRIVATE;
      return () => unitPage(reading, unit, contest, track);
    });
    return withCard(found, links.card(language, id, unit.code, contest?.id));
  }

  async #sheet(served: ServedElection, route: Extract<Route, { page: 'sheet' }>): Promise<Found> {
    const { election } = served;
    const station = election.unit(route.station);
    const contest = election.contest(route.contest);
    if (!station?.isStation || !contest || !election.contestAt(contest, station)) return MISSING;
    const found = await this.#open(served, async (reading) => () => sheetPage(reading, station, contest));
    return withCard(found, links.card(route.language, route.election, station.code, contest.id));
  }

  /** Opens a view; it is closed with what was found, or at once where that is no page. */
  async #open(
    served: ServedElection,
    decide: (reading: Reading) => Promise<Found | (() => Promise<Answers>)>,
  ): Promise<Found> {
    const view = await this.#desk.view(served);
    try {
      const viewer = await publicViewer(view, Date.now());
      const etag = entityTag(view, viewer);
      const decided = await decide({ view, viewer, etag });
      if (typeof decided === 'function') return { kind: 'found', tag: etag, read: decided, close: () => view.close() };
      view.close();
      return decided;
    } catch (error) {
      view.close();
      throw error;
    }
  }
}

function withCard(found: Found, card: string): Found {
  return found.kind === 'found' ? { ...found, card } : found;
}

function plain(body: unknown): Kept {
  return { etag: null, body };
}

async function facts({ view }: Reading, unit: Unit): Promise<Answers> {
  const { id } = view.served.election.definition;
  return {
    [addresses.election(id)]: plain(electionAnswer(view)),
    [addresses.unit(id, unit.code)]: plain(await unitAnswer(view, unit)),
  };
}

async function unitPage(reading: Reading, unit: Unit, contest: Contest | undefined, track: Track): Promise<Answers> {
  const answers = await facts(reading, unit);
  if (!contest) return answers;
  const { view, viewer, etag } = reading;
  const { sight } = viewer;
  const node = { election: view.served.election.definition.id, unit: unit.code, contest: contest.id, track };
  const query = { unit, contest, sight };
  answers[addresses.totals(node)] = { etag, body: await resultsAnswer(view, query, [track]) };
  answers[addresses.children(node)] = { etag, body: await childrenAnswer(view, query, [track]) };
  if (sight.log) {
    const body = await resultsAnswer(view, query, ['all']);
    answers[addresses.totals({ ...node, track: 'all' })] = { etag, body };
  }
  if (sight.results(contest, unit.level) && sight.progress(contest, unit.level)) {
    const { points } = await timelineAnswer(view, unit, contest, track);
    const body = { points: points.map(({ time, received }) => ({ time, received })) };
    answers[addresses.timeline(node)] = plain(body);
  }
  return answers;
}

async function sheetPage(reading: Reading, station: Unit, contest: Contest): Promise<Answers> {
  const { view, viewer } = reading;
  const { id } = view.served.election.definition;
  const sheet = await sheetAnswer(view, station, contest, viewer.sight);
  const answers: Answers = {
    ...(await facts(reading, station)),
    [addresses.sheet(id, station.code, contest.id)]: plain(sheet),
  };
  if (viewer.sight.results(contest, station.level))
    answers[addresses.history(id, station.code, contest.id)] = plain(
      await historyAnswer(view, station, contest, viewer.sight),
    );
  return answers;
}
