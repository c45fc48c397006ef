/** An api of the cluster: commands and queries over HTTP, and the web pages. */
import { publicEnvironment, startClusterServer } from '../server/cluster-server.ts';
import { runProcess } from '../server/process.ts';
import { ApiModule } from './index.ts';

await runProcess('api', publicEnvironment, (config, log) =>
  startClusterServer(config, log, {
    modules: [ApiModule],
    hasPages: true,
    onStarted: async ({ accounts }) => {
      const first = await accounts.addFirst({ role: 'manager', unit: null, name: 'first manager' });
      if (first) process.stdout.write(`First manager's token, shown this once:\n${first.token}\n`);
    },
  }),
);
