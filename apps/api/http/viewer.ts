/** What the public may see now, and how an answer for it is named in caches. */
import { type ContestId, type Election, publicationMoments, publicSight, type Sight } from '#domain';
import { certifiedContests, certifiedThen, type View } from '#projection';
import type { FreezeAnswer } from '#wire';

export interface Viewer {
  readonly sight: Sight;
  readonly isPublic: boolean;
  /** Names what is seen: part of entity tags. */
  readonly key: string;
  /** Whether nothing more will ever be published, nor less: an old position's answer stays as it is. */
  readonly isFinal: boolean;
}

const NONE: ReadonlySet<ContestId> = new Set();

/** Whether certification changes what is public. */
export function dependsOnCertification(election: Election): boolean {
  const { progress, results, log } = election.definition.publish;
  return [progress, results, log].includes('certified');
}

/** While publication is frozen, what was public at that moment. */
export async function publicViewer(view: View, now: number): Promise<Viewer> {
  const { election } = view.served;
  const { freeze } = view;
  const certifiedAt = freeze ? certifiedThen : certifiedContests;
  const certified = dependsOnCertification(election) ? await certifiedAt(view) : NONE;
  return describe(election, now, certified, freeze);
}

/** The last viewer of an election: it looks at every contest, and a nation has thousands, for every request. */
const lastViewers = new WeakMap<Election, { readonly named: string; readonly viewer: Viewer }>();

/** The same from certifications known already (the gateway follows them): those of then, while publication is frozen. */
export function describe(
  election: Election,
  now: number,
  certified: ReadonlySet<ContestId>,
  freeze: FreezeAnswer | null,
): Viewer {
  if (!freeze) return describeOpen(election, now, certified);
  const since = Date.parse(freeze.since);
  const viewer = describeOpen(election, since, certified);
  return { ...viewer, key: `${viewer.key}f${since}` };
}

function describeOpen(election: Election, now: number, certified: ReadonlySet<ContestId>): Viewer {
  const passed = publicationMoments(election).filter((moment) => moment <= now).length;
  const named = [passed, ...(dependsOnCertification(election) ? [...certified].sort() : [])].join('+');
  const last = lastViewers.get(election);
  if (last?.named === named) return last.viewer;
  const viewer = describeAnew(election, now, certified);
  lastViewers.set(election, { named, viewer });
  return viewer;
}

function describeAnew(election: Election, now: number, certified: ReadonlySet<ContestId>): Viewer {
  const sight = publicSight(election, now, certified);
  const flags = (see: (contest: Election['contests'][number]) => boolean): string =>
    election.contests.every(see) ? '1' : election.contests.some(see) ? 'x' : '0';
  const progress = flags((contest) => sight.progress(contest, 0));
  const results = flags((contest) => sight.results(contest, 0));
  const named = dependsOnCertification(election) ? [...certified].sort().join('+') : '';
  const isFinal = !dependsOnCertification(election) && publicationMoments(election).every((moment) => moment <= now);
  return { sight, isPublic: true, key: `p${progress}r${results}l${sight.log ? 1 : 0}${named}`, isFinal };
}
