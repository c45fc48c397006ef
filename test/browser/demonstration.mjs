/** The demonstration night in a server of its own, for scripts that take pictures of it. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const built = join(root, 'dist');
if (!existsSync(join(built, 'web/index.html'))) {
  console.error('not built yet; run "npm run build" first');
  process.exit(1);
}
const { startBrowser } = await import(join(built, 'test/services/chromium.js'));
const { openEmbedded } = await import(join(built, 'apps/standalone/embedded.js'));
const { startServer } = await import(join(built, 'apps/standalone/server.js'));
const { Demo } = await import(join(built, 'apps/standalone/demo/index.js'));
const { embeddedHost } = await import(join(built, 'apps/standalone/demo/embedded-host.js'));
export const { DEMO_ID } = await import(join(built, 'apps/standalone/demo/package.js'));
export const { DISTRICT } = await import(join(built, 'apps/standalone/demo/area.js'));

/**
 * Plays a night of so many seconds, and at a part of it (0 to 1) hands out a browser, the address of the server, and
 * what adds accounts.
 */
export async function inDemonstration({ seconds, part }, act) {
  const folder = await mkdtemp(join(tmpdir(), 'tally-picture-'));
  const installation = await openEmbedded(folder, { command: 'picture' });
  const server = await startServer(installation, { port: 0 });
  const host = embeddedHost(installation);
  const demo = new Demo();
  const browser = await startBrowser();
  try {
    if (!browser) throw new Error('no browser');
    const say = (line) => console.log(line);
    await demo.start(host, { url: server.url, folder, seconds, again: '', say });
    await sleep(seconds * 1000 * part);
    await act({ browser, url: server.url, addAccount: (account) => host.addAccount(account) });
  } finally {
    await browser?.close();
    await demo.stop();
    await server.close();
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  }
}
