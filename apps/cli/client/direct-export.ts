/** Exports an election from an installation in this process, as far as its reader may see it. */
import { ExportError, exportElection } from '#documents';
import { type ElectionId, FULL_SIGHT, type Position, type Sight, seesEverything } from '#domain';
import { type PublicLog, TreeError } from '#log-tree';
import { resultsCsv, type ServedElection, type View } from '#projection';
import { publicViewer } from '../../api/index.ts';
import type { Installation } from '../../server/installation.ts';
import { LogKeyError, logKeys } from '../../server/log-keys.ts';
import { refused, wrongUsage } from '../errors.ts';
import type { Exported, ExportRequest } from './client.ts';
import type { Identity } from './identity.ts';
import type { OnProgress } from './watched.ts';

interface Parts {
  readonly view: View;
  readonly installation: Installation;
  readonly identity: Identity;
  readonly served: ServedElection;
  readonly keys: string | undefined;
}

export async function exportDirectly(
  { view, served, installation, identity, keys }: Parts,
  { folder, publicOnly }: ExportRequest,
  onProgress?: OnProgress,
): Promise<Exported> {
  const { election, log } = served;
  const { sight: open } = await publicViewer(view, Date.now());
  if (!publicOnly && !identity.tryActor('read', election.root, election))
    throw refused(`${identity.refusal('read', election.root.code)} With --public, what anybody may see is exported.`);
  const sight = publicOnly ? open : FULL_SIGHT;
  if (keys === undefined)
    throw wrongUsage(
      'Name the folder of the keys that sign the log: TALLY_KEYS (a key is made there where there is none).',
    );
  const { id } = election.definition;
  const definition = await installation.elections.definitionBytes(served);
  const results = resultsCsv(view, { unit: election.root, depth: 'all', sight });
  const isComplete = seesEverything(election, sight);
  const own = await inWords(logKeys(keys, id));
  const wanted = {
    election,
    definition,
    log,
    position: view.position,
    results,
    isComplete,
    withEntries: sight.log,
    cosigned: await cosignedOf(installation.publicLog, id, view.position),
    ...own,
  };
  const description = await inWords(exportElection(folder, { ...wanted, onProgress }));
  return { description, unpublished: publicOnly ? [] : unpublishedOf(view, open) };
}

async function cosignedOf(log: PublicLog, id: ElectionId, position: Position): Promise<(string | null)[]> {
  return Promise.all(position.map(async (end, shard) => log.cosigned(id, shard, await log.reads(id, shard), end)));
}

function unpublishedOf(view: View, open: Sight): string[] {
  const parts: string[] = [];
  if (!open.log) parts.push('the events');
  if (!seesEverything(view.served.election, open)) parts.push('the results');
  return parts;
}

/** What is refused for reasons that a user can mend. */
export async function inWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LogKeyError || error instanceof ExportError || error instanceof TreeError)
      throw refused(error.message);
    throw error;
  }
}
