/** What the pages of the audit are rendered from: a unit as it was, a figure's lineage, two positions, an evening. */
import type { Contest, Sight, Track, Unit } from '#domain';
import { formatPosition } from '#domain';
import {
  childrenAnswer,
  contestShown,
  historyAnswer,
  lineageAnswer,
  resultsAnswer,
  type ServedElection,
  sheetAnswer,
  type View,
} from '#projection';
import { type Desk, withReceipts } from '../api/index.ts';
import { hasAreasBetween, MOST_SHEETS } from '../web/figures/lineage.ts';
import { addresses } from '../web/live/addresses.ts';
import { links, type Route } from '../web/route.ts';
import {
  type Answers,
  type Found,
  facts,
  MISSING,
  openView,
  openViewAt,
  PRIVATE,
  plain,
  type Reading,
} from './reading.ts';

export type AuditRoute = Extract<Route, { page: 'past' | 'lineage' | 'compare' | 'evening' }>;

export async function auditAnswers(desk: Desk, served: ServedElection, route: AuditRoute): Promise<Found> {
  if (route.page === 'evening') return evening(desk, served, route.station);
  const node = nodeOf(served, route);
  if (!node) return MISSING;
  switch (route.page) {
    case 'past':
      return past(desk, node, route);
    case 'lineage':
      return lineage(desk, node, route);
    case 'compare':
      return compare(desk, node, route);
  }
}

/** A contest at a unit in a track. */
interface Node {
  readonly served: ServedElection;
  readonly unit: Unit;
  readonly contest: Contest;
  readonly track: Track;
  /** The contest that the address names. */
  readonly wanted: string | undefined;
}

function nodeOf(
  served: ServedElection,
  { unit: code, contest: id, track }: Exclude<AuditRoute, { page: 'evening' }>,
): Node | null {
  const unit = served.election.unit(code);
  const contest = unit && contestShown(served.election, unit, id);
  return unit && contest ? { served, unit, contest, track, wanted: id } : null;
}

function addressOf({ served, unit, contest, track }: Node) {
  return { election: served.election.definition.id, unit: unit.code, contest: contest.id, track };
}

/** What is told of unit and election is told as of now, also beside figures of the past. */
async function presentFacts(desk: Desk, { served, unit, wanted }: Node): Promise<Answers> {
  return desk.publicReading(served, (view) => facts(view, unit, wanted));
}

function past(desk: Desk, node: Node, { language, at }: Extract<Route, { page: 'past' }>): Promise<Found> {
  const { served, unit, contest, track } = node;
  const address = addressOf(node);
  const addressAt = (position: string): string =>
    links.unit(language, address.election, unit.code, contest.id, track, position);
  return openViewAt(desk, served, { at, addressAt }, async ({ view, viewer: { sight }, etag }) => {
    if (!sight.track(track)) return PRIVATE;
    const query = { unit, contest, sight };
    return async () => ({
      ...(await presentFacts(desk, node)),
      [addresses.totals(address, at)]: { etag, body: await resultsAnswer(view, query, [track]) },
      ...(unit.isStation
        ? await pastSheet(desk, view, sight, node, at)
        : { [addresses.children(address, at)]: { etag, body: await childrenAnswer(view, query, [track]) } }),
    });
  });
}

async function pastSheet(desk: Desk, view: View, sight: Sight, { unit, contest }: Node, at: string): Promise<Answers> {
  const { served } = view;
  const { id } = served.election.definition;
  const sheet = plain(await sheetAnswer(view, unit, contest, sight));
  const answers: Answers = { [addresses.sheet(id, unit.code, contest.id, at)]: sheet };
  if (sight.results(contest, unit.level)) {
    const history = await historyAnswer(view, unit, contest, sight);
    const { publicLog } = desk.services;
    answers[addresses.history(id, unit.code, contest.id, at)] = plain(await withReceipts(publicLog, served, history));
  }
  return answers;
}

function lineage(desk: Desk, node: Node, route: Extract<Route, { page: 'lineage' }>): Promise<Found> {
  const { served, unit, contest, track } = node;
  const { language, at, key, isWhole } = route;
  const decide = async (reading: Reading) => {
    if (!reading.viewer.sight.track(track)) return PRIVATE;
    return async () => ({
      ...(await presentFacts(desk, node)),
      ...(await (hasAreasBetween(unit) && !isWhole ? sumsOfAreas(reading, node, at) : sheetsOf(reading, node, route))),
    });
  };
  if (at === undefined) return openView(desk, served, decide);
  const { election } = addressOf(node);
  const addressAt = (position: string): string =>
    links.lineage(language, election, unit.code, contest.id, track, { key, at: position, isWhole });
  return openViewAt(desk, served, { at, addressAt }, decide);
}

async function sumsOfAreas({ view, viewer: { sight }, etag }: Reading, node: Node, at?: string): Promise<Answers> {
  const { unit, contest, track } = node;
  const address = addressOf(node);
  const query = { unit, contest, sight };
  if (at === undefined) {
    const body = await resultsAnswer(view, { ...query, depth: 1 }, [track]);
    return { [addresses.withChildren(address)]: { etag, body } };
  }
  return {
    [addresses.totals(address, at)]: { etag, body: await resultsAnswer(view, query, [track]) },
    [addresses.children(address, at)]: { etag, body: await childrenAnswer(view, query, [track]) },
  };
}

async function sheetsOf(reading: Reading, node: Node, { key, at }: { key?: string; at?: string }): Promise<Answers> {
  const { view, viewer, etag } = reading;
  const { unit, contest, track } = node;
  const [station] = contest.stations;
  const wanted = key ?? firstKey(contest);
  const isPublic = station && viewer.sight.results(contest, unit.level) && viewer.sight.results(contest, station.level);
  const below = contest.stations.filter((one) => one === unit || view.served.election.ancestors(one).includes(unit));
  if (!isPublic || wanted === undefined || below.length > MOST_SHEETS) return {};
  const body = await lineageAnswer(view, unit, contest, track, wanted);
  return { [addresses.lineage(addressOf(node), wanted, at)]: { etag, body } };
}

/** As the page takes it where none is named. */
function firstKey({ layout }: Contest): string | undefined {
  if (layout.candidates[0] !== undefined) return `votes.${layout.candidates[0]}`;
  return layout.fields[0] && `field.${layout.fields[0].id}`;
}

async function compare(desk: Desk, node: Node, route: Extract<Route, { page: 'compare' }>): Promise<Found> {
  const { served, unit, contest, track } = node;
  const address = addressOf(node);
  const from = route.from ?? formatPosition(Array.from({ length: served.log.shards }, () => 0));
  const { to } = route;
  const moved = (at: { from?: string; to?: string }): string =>
    links.compare(route.language, address.election, unit.code, contest.id, track, { from: route.from, to, ...at });
  const before = await openViewAt(
    desk,
    served,
    { at: from, addressAt: (position) => moved({ from: position }) },
    async (reading) => {
      if (!reading.viewer.sight.track(track)) return PRIVATE;
      return () => totalsOf(reading, node, from);
    },
  );
  if (before.kind !== 'found') return before;
  const decide = async (reading: Reading) => async () => ({
    ...(await presentFacts(desk, node)),
    ...(await before.read()),
    ...(await totalsOf(reading, node, to)),
  });
  try {
    const after = await (to === undefined
      ? openView(desk, served, decide)
      : openViewAt(desk, served, { at: to, addressAt: (position) => moved({ to: position }) }, decide));
    if (after.kind === 'found')
      return {
        ...after,
        tag: `${before.tag} ${after.tag}`,
        close: () => {
          before.close();
          after.close();
        },
      };
    before.close();
    return after;
  } catch (error) {
    before.close();
    throw error;
  }
}

async function totalsOf({ view, viewer: { sight }, etag }: Reading, node: Node, at?: string): Promise<Answers> {
  const { unit, contest, track } = node;
  const body = await resultsAnswer(view, { unit, contest, sight }, [track]);
  return { [addresses.totals(addressOf(node), at)]: { etag, body } };
}

async function evening(desk: Desk, served: ServedElection, code: string): Promise<Found> {
  const { election } = served;
  const station = election.unit(code);
  if (!station?.isStation) return MISSING;
  return openView(desk, served, async ({ view, viewer: { sight } }) => async () => {
    const answers = await facts(view, station);
    for (const contest of election.contestsAt(station)) {
      if (!sight.results(contest, station.level)) continue;
      const history = await historyAnswer(view, station, contest, sight);
      answers[addresses.history(election.definition.id, code, contest.id)] = plain(
        await withReceipts(desk.services.publicLog, served, history),
      );
    }
    return answers;
  });
}
