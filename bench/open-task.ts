/** Opens an election package in a data folder, as `tally open` does. */
import { readPackage } from '#definition';
import { openEmbeddedClient } from '../apps/cli/client/embedded.ts';
import { answering } from './child.ts';

export interface OpenRequest {
  readonly folder: string;
  readonly path: string;
}

answering(async ({ folder, path }: OpenRequest): Promise<{ digest: string }> => {
  const result = await readPackage(path);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  const { definition, digest, bytes } = result;
  const client = await openEmbeddedClient({
    folder,
    create: true,
    command: 'bench open',
    token: undefined,
    onCatchUp: () => undefined,
  });
  const rootUnit = definition.units.find(({ parent }) => parent === null)!.code;
  await client.open({ path, id: definition.id, shards: definition.shards, rootUnit, digest, bytes });
  await client.close();
  return { digest };
});
