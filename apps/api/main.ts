/** An api of the cluster: commands and queries over HTTP, and the web pages. */
import { apiEnvironment } from '../server/api-environment.ts';
import { startClusterServer } from '../server/cluster-server.ts';
import { ensureFirstManager, givenToken } from '../server/first-manager.ts';
import { runProcess } from '../server/process.ts';
import { ApiModule } from './index.ts';

await runProcess('api', apiEnvironment, async (config, log) => {
  const given = await givenToken(config);
  return startClusterServer(config, log, {
    role: 'api',
    modules: [ApiModule],
    hasPages: true,
    witnesses: config.TALLY_WITNESSES,
    beforehand: async ({ accounts }) => {
      const shown = await ensureFirstManager(accounts, given);
      if (shown) process.stdout.write(`First manager's token, shown this once:\n${shown}\n`);
    },
  });
});
