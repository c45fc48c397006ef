/** The demonstration in an installation of this very process. */
import { readPackageZip } from '#definition';
import type { Installation } from '../../server/installation.ts';
import { type DemoHost, OtherPackageError } from './host.ts';
import { DEMO_ID, demoPackage } from './package.ts';

export function embeddedHost({ elections, projection, accounts }: Installation): DemoHost {
  return {
    async open() {
      const pack = await readPackageZip(demoPackage());
      if (!pack.ok) throw new Error(`the demonstration's package is wrong: ${pack.problems[0]?.message}`);
      const { definition, digest, bytes } = pack;
      const root = definition.units.find((unit) => unit.parent === null)!.code;
      const opened = await elections.open(
        { id: definition.id, shards: definition.shards, rootUnit: root, digest, bytes },
        { id: 'demo', role: 'manager', unit: root },
        new Date(),
      );
      if (opened.outcome === 'other-package')
        throw new OtherPackageError(
          `another package is open as ${DEMO_ID} in this folder: start with --fresh, or in another folder`,
        );
      await projection.serve(opened.served);
    },
    async addAccount(account) {
      return (await accounts.add({ ...account, election: DEMO_ID })).token;
    },
  };
}
