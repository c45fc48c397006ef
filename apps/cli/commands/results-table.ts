/** Results for people: one unit as a column of figures, several as a table of units. */
import type { Texts, Track } from '#domain';
import type { ContestSummary, ElectionAnswer, ResultNode, SpelledTotals, UnitAnswer } from '#wire';
import type { ElectionClient, ResultsRequest } from '../client/client.ts';
import type { Session } from '../session.ts';
import { share, type TableColumn, table } from '../table.ts';

type TableRequest = ResultsRequest & { readonly tracks: readonly Track[] };

export async function resultsTable(session: Session, election: ElectionClient, request: TableRequest): Promise<void> {
  const answer = await election.results(request);
  const summary = await election.summary();
  const start = await election.place(request.unit ?? summary.root);
  const names = await namesBelow(election, start, answer.nodes);
  const { out } = session;
  await out.line(`${summary.id}  ${oneOf(summary.name, summary)}`);
  if (summary.rehearsal) await out.line('REHEARSAL: these are no real results');
  const contests = new Map(start.contests.map((contest) => [contest.id, contest]));
  for (const [id, nodes] of byContest(answer.nodes)) {
    await out.line();
    const contest = contests.get(id) ?? bodyAsContest(start.contests, id);
    await out.line(`${id}  ${contest?.name ?? ''}`.trimEnd());
    const [only] = nodes;
    if (only && nodes.length === 1) await out.write(oneUnit(only, contest, request.tracks, names, summary));
    else await out.write(manyUnits(nodes, contest, request.tracks, names));
  }
  if (answer.nodes.length === 0) await out.line('no contest has stations there');
  await out.line();
  await out.line(`at position ${answer.position}${answer.asOf === null ? '' : `, as of ${answer.asOf}`}`);
}

/** A body has the fields of its contests, in their order, and no candidates. */
function bodyAsContest(contests: readonly ContestSummary[], body: string): ContestSummary | undefined {
  const first = contests.find((contest) => contest.body === body);
  return first && { ...first, id: body, name: '', candidates: [] };
}

function byContest(nodes: readonly ResultNode[]): Map<string, ResultNode[]> {
  const groups = new Map<string, ResultNode[]>();
  for (const node of nodes) {
    const group = groups.get(node.contest);
    if (group) group.push(node);
    else groups.set(node.contest, [node]);
  }
  return groups;
}

/** Names of the units of an answer: those below a unit come with it. */
async function namesBelow(
  election: ElectionClient,
  start: UnitAnswer,
  nodes: readonly ResultNode[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(nodes.map(({ unit }) => unit));
  const names = new Map([[start.code, start.name]]);
  for (let row = [start]; row.length > 0 && [...wanted].some((unit) => !names.has(unit)); ) {
    const next: UnitAnswer[] = [];
    for (const child of row.flatMap(({ children }) => children)) {
      names.set(child.code, child.name);
      if (!child.isStation) next.push(await election.place(child.code));
    }
    row = next;
  }
  return names;
}

function oneOf(texts: Texts, { languages }: ElectionAnswer): string {
  return texts[languages[0] ?? ''] ?? Object.values(texts)[0] ?? '';
}

function coverage({ progress }: ResultNode): string {
  if (!progress) return '';
  const { stations, received, counted, verified, held, disputed, awaiting, returned, annulled, sealed, closed } =
    progress;
  const extra = Object.entries({ held, disputed, awaiting, returned, annulled, sealed, closed });
  const more = extra.filter(([, count]) => count > 0).map(([name, count]) => `, ${count} ${name}`);
  return `${counted} of ${stations} stations counted, ${received} received, ${verified} verified${more.join('')}`;
}

/* ------------------------------------------------------------ one unit */

function oneUnit(
  node: ResultNode,
  contest: ContestSummary | undefined,
  tracks: readonly Track[],
  names: ReadonlyMap<string, string>,
  summary: ElectionAnswer,
): string {
  const totals = tracks.map((track) => node.tracks[track]);
  const columns: TableColumn[] = [
    { head: '' },
    ...tracks.flatMap((track): TableColumn[] => [
      { head: track, align: 'right' },
      { head: '%', align: 'right' },
    ]),
    { head: '' },
  ];
  const fields = keysOf(totals, 'fields', contest).map((id) => [
    id,
    ...totals.flatMap((one) => [figure(one?.fields[id]), '']),
    fieldName(contest, id, summary),
  ]);
  const votes = keysOf(totals, 'votes', contest).map((number) => [
    number,
    ...totals.flatMap((one) => [figure(one?.votes[number]), one ? share(one.votes[number] ?? 0, one.shareOf) : '']),
    contest?.candidates.find((candidate) => candidate.number === number)?.name ?? '',
  ]);
  const rows = [...fields, ...votes];
  const place = [`${node.unit}  ${names.get(node.unit) ?? ''}`.trimEnd(), coverage(node)].filter((line) => line !== '');
  const head = place.map((line) => `${line}\n`).join('');
  return rows.length === 0 ? `${head}nothing counted yet\n` : head + table(columns, rows);
}

/** Keys of the totals in the order of the form and of the ballot. */
function keysOf(
  totals: readonly (SpelledTotals | undefined)[],
  group: 'fields' | 'votes',
  contest: ContestSummary | undefined,
): string[] {
  const keys = [...new Set(totals.flatMap((one) => Object.keys(one?.[group] ?? {})))];
  if (!contest) return keys;
  const order = group === 'votes' ? contest.candidates.map(({ number }) => number) : contest.fields.map(({ id }) => id);
  const place = (key: string): number => {
    const known = order.indexOf(key);
    return known < 0 && group === 'fields' ? order.indexOf(key.replace(/\.\d+$/, '')) : known;
  };
  const ordinal = (key: string): number => Number(/\.(\d+)$/.exec(key)?.[1] ?? 0);
  return keys.sort((a, b) => place(a) - place(b) || ordinal(a) - ordinal(b));
}

function figure(value: number | undefined): string {
  return value === undefined ? '–' : String(value);
}

function fieldName(contest: ContestSummary | undefined, id: string, summary: ElectionAnswer): string {
  const field = contest?.fields.find((one) => one.id === id || (one.repeat && id.startsWith(`${one.id}.`)));
  return field ? oneOf(field.name, summary) : '';
}

/* ------------------------------------------------------------ several units */

function manyUnits(
  nodes: readonly ResultNode[],
  contest: ContestSummary | undefined,
  tracks: readonly Track[],
  names: ReadonlyMap<string, string>,
): string {
  const all = nodes.flatMap((node) => tracks.map((track) => node.tracks[track]));
  const fields = keysOf(all, 'fields', contest);
  const votes = contest ? contest.candidates.map(({ number }) => number) : keysOf(all, 'votes', contest);
  const columns: TableColumn[] = [
    { head: 'unit' },
    { head: 'name' },
    ...(tracks.length > 1 ? [{ head: 'track' }] : []),
    { head: 'counted', align: 'right' },
    ...fields.map((head): TableColumn => ({ head, align: 'right' })),
    ...votes.flatMap((number): TableColumn[] => [
      { head: `votes.${number}`, align: 'right' },
      { head: '%', align: 'right' },
    ]),
  ];
  const rows = nodes.flatMap((node) =>
    tracks.map((track) => {
      const totals = node.tracks[track];
      return [
        node.unit,
        names.get(node.unit) ?? '',
        ...(tracks.length > 1 ? [track] : []),
        node.progress ? `${node.progress.counted}/${node.progress.stations}` : '',
        ...fields.map((id) => figure(totals?.fields[id])),
        ...votes.flatMap((number) => [
          figure(totals?.votes[number]),
          totals ? share(totals.votes[number] ?? 0, totals.shareOf) : '–',
        ]),
      ];
    }),
  );
  return table(columns, rows);
}
