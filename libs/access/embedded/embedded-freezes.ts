/** Freezes of publication in `<folder>/freezes`, an lmdb environment of their own. */
import { join } from 'node:path';
import { open } from 'lmdb';
import { type FreezeLog, type FreezeStore, NO_FREEZES } from '../freezes.ts';

/** Opens those of a data folder. The caller owns the folder. */
export function openEmbeddedFreezes(folder: string): FreezeStore {
  const root = open<FreezeLog, string>({
    path: join(folder, 'freezes'),
    noSubdir: false,
    overlappingSync: false,
    encoding: 'json',
  });
  const read = (election: string): FreezeLog => root.get(election) ?? NO_FREEZES;
  return {
    read: async (election) => read(election),
    write: (election, next) =>
      root.transaction(() => {
        if (read(election).version !== next.version - 1) return false;
        root.put(election, next);
        return true;
      }),
    close: () => root.close(),
  };
}
