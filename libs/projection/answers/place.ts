/** Elections, units and contests as answers. */
import { type Contest, type ContestId, type Election, formatPosition, type Position, type Unit } from '#domain';
import type { NoteDoc } from '#read-model';
import type { CertifiedState, ContestSummary, ElectionAnswer, ElectionsAnswer, UnitAnswer, UnitName } from '#wire';
import type { ServedElection } from '../elections.ts';
import type { View } from '../view.ts';

/** The position a view is true at, as every answer names it. */
export function atPosition(view: View): { election: string; position: string; asOf: string | null } {
  return {
    election: view.served.election.definition.id,
    position: formatPosition(view.position),
    asOf: view.asOf === null ? null : new Date(view.asOf).toISOString(),
  };
}

export function electionsAnswer(served: readonly ServedElection[]): ElectionsAnswer {
  return {
    elections: served.map(({ election: { definition, root } }) => {
      const { id, name, date, rehearsal } = definition;
      return { id, name, date, rehearsal, root: root.code };
    }),
  };
}

export function electionAnswer(view: View): ElectionAnswer {
  const { election } = view.served;
  const { id, name, date, timezone, rehearsal, languages, levels, polls, publish, entry, shards, leaderThreshold } =
    election.definition;
  return {
    ...atPosition(view),
    id,
    name,
    date,
    timezone,
    rehearsal,
    languages,
    levels,
    polls,
    publish,
    entry,
    shards,
    leaderThreshold,
    root: election.root.code,
    definition: election.digest,
    contests: election.contests.length,
    stations: election.units.reduce((count, unit) => count + (unit.isStation ? 1 : 0), 0),
    freeze: view.freeze,
  };
}

export function unitName({ code, row }: Unit): UnitName {
  return { code, level: row.level, name: row.name, ...(row.names && { names: row.names }) };
}

/** A page of a unit lists so many contests at most: in a nation there are tens of thousands below its root. */
const NEAR = 100;

/**
 * The contests that a page of a unit offers, in the order of the package: all that have stations there or, where these
 * are many, those held over the largest areas, and the wanted one.
 */
export function contestsNear(election: Election, unit: Unit, wanted?: ContestId): readonly Contest[] {
  let near = nearOf.get(unit);
  if (!near) {
    near = widest(election.contestsAt(unit));
    nearOf.set(unit, near);
  }
  const asked = wanted === undefined ? undefined : election.contest(wanted);
  if (!asked || near.includes(asked) || !election.contestAt(asked, unit)) return near;
  return [...near, asked].sort((a, b) => a.index - b.index);
}

/** Sorting thousands takes longer than all the rest of a page's answer. */
const nearOf = new WeakMap<Unit, readonly Contest[]>();

function widest(contests: readonly Contest[]): readonly Contest[] {
  if (contests.length <= NEAR) return contests;
  const byArea = [...contests].sort((a, b) => a.home.level - b.home.level || a.index - b.index);
  return byArea.slice(0, NEAR).sort((a, b) => a.index - b.index);
}

/** The one of them that a page shows: the wanted one, or the first. */
export function contestShown(election: Election, unit: Unit, wanted?: ContestId): Contest | undefined {
  const near = contestsNear(election, unit, wanted);
  return near.find(({ id }) => id === wanted) ?? near[0];
}

/** A unit, its way up, the units below it, and the contests that have stations there (default: all of them). */
export async function unitAnswer(
  view: View,
  unit: Unit,
  contests: readonly Contest[] = view.served.election.contestsAt(unit),
): Promise<UnitAnswer> {
  const { election } = view.served;
  const notes = await contestNotes(view, contests);
  return {
    election: election.definition.id,
    ...unitName(unit),
    isStation: unit.isStation,
    path: [...election.ancestors(unit)].reverse().map(unitName),
    children: unit.children.map((child) => ({
      ...unitName(child),
      isStation: child.isStation,
      ...(child.row.registered !== undefined && { registered: child.row.registered }),
    })),
    ...(unit.row.registered !== undefined && { registered: unit.row.registered }),
    contests: await Promise.all(contests.map((contest) => contestSummary(view, contest, notes))),
    moreContests: election.contestsAt(unit).length - contests.length,
  };
}

async function contestSummary(view: View, contest: Contest, notes: ContestNotes): Promise<ContestSummary> {
  const { row, form } = contest;
  const withdrawn = new Set<string>();
  for (const { event } of notes.of('candidate.withdrawn', contest))
    if (event.type === 'tally.candidate.withdrawn.v1') withdrawn.add(event.data.candidate);
  return {
    id: row.id,
    name: row.name,
    ...(row.names && { names: row.names }),
    ...(row.body !== undefined && { body: row.body }),
    seats: row.seats,
    form: row.form,
    decision: row.decision,
    kind: row.kind,
    ...(row.of !== undefined && { of: row.of }),
    area: row.area,
    stations: contest.stations.length,
    registeredKnown: contest.isRegisteredKnown,
    fields: form.fields,
    candidates: contest.candidates.map((candidate) =>
      withdrawn.has(candidate.number) ? { ...candidate, withdrawn: true as const } : candidate,
    ),
    certified: await certifiedState(view, contest, notes),
  };
}

const KINDS = ['candidate.withdrawn', 'contest.certified', 'contest.reopened'] as const;
type NoteKind = (typeof KINDS)[number];

/** Notes about contests before the view's position. */
interface ContestNotes {
  of(kind: NoteKind, contest: Contest): readonly NoteDoc[];
}

/** Of how many contests notes are asked for one by one: a whole nation's are read at once. */
const FEW_CONTESTS = 5;

async function contestNotes(view: View, contests: readonly Contest[]): Promise<ContestNotes> {
  const subjects = contests.length <= FEW_CONTESTS ? contests.map(({ id }) => id) : [undefined];
  const found = new Map<string, NoteDoc[]>();
  const read = async (kind: NoteKind, subject: ContestId | undefined): Promise<void> => {
    for (const note of await view.snapshot.notes(kind, subject)) {
      if (note.offset >= view.position[note.shard]!) continue;
      const key = `${kind} ${note.subject}`;
      const known = found.get(key);
      if (known) known.push(note);
      else found.set(key, [note]);
    }
  };
  await Promise.all(KINDS.flatMap((kind) => subjects.map((subject) => read(kind, subject))));
  return { of: (kind, contest) => found.get(`${kind} ${contest.id}`) ?? [] };
}

/** Whether a contest is certified at the view's position, and whether anything of it changed since. */
async function certifiedState(view: View, contest: Contest, notes: ContestNotes): Promise<CertifiedState> {
  const certified = notes.of('contest.certified', contest).at(-1);
  const reopened = notes.of('contest.reopened', contest).at(-1);
  if (certified?.event.type !== 'tally.contest.certified.v1') return { state: 'open' };
  if (reopened && reopened.offset > certified.offset) return { state: 'open' };
  const { fingerprint, position } = certified.event.data;
  const bound = position.split(',').map((part) => Number(part.split(':')[1]));
  const changedSince = await hasChanged(view, contest, bound);
  return { state: 'certified', fingerprint, position, at: new Date(certified.logTime).toISOString(), changedSince };
}

/** Whether any sheet of a contest changed from a position on, before the view's. */
async function hasChanged(view: View, contest: Contest, since: Position): Promise<boolean> {
  const { code } = view.served.election.root;
  for (const { shard, offset } of await view.snapshot.totals(code, contest.id)) {
    const [from, to] = [since[shard] ?? 0, view.position[shard]!];
    if (offset < from) continue;
    // A part that changed after the view may have changed before it too.
    if (offset < to || (await view.snapshot.changesOf(code, contest.id, shard, from, to)).length > 0) return true;
  }
  return false;
}

/** The contests certified now (at the newest position of the model: publication does not travel in time). */
export async function certifiedContests(view: View): Promise<ReadonlySet<ContestId>> {
  return certifiedIn(view, () => true);
}

/** The contests certified at the view's position. */
export async function certifiedThen(view: View): Promise<ReadonlySet<ContestId>> {
  return certifiedIn(view, ({ shard, offset }) => offset < view.position[shard]!);
}

async function certifiedIn({ snapshot }: View, isIn: (note: NoteDoc) => boolean): Promise<ReadonlySet<ContestId>> {
  const last = new Map<ContestId, { offset: number; certified: boolean }>();
  const take = (notes: readonly NoteDoc[], certified: boolean): void => {
    for (const { subject, offset } of notes.filter(isIn)) {
      const known = last.get(subject);
      if (!known || known.offset < offset) last.set(subject, { offset, certified });
    }
  };
  take(await snapshot.notes('contest.certified'), true);
  take(await snapshot.notes('contest.reopened'), false);
  return new Set([...last].flatMap(([contest, { certified }]) => (certified ? [contest] : [])));
}
