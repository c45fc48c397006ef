/** Child process: claims a folder at a sign, says what came of it, and keeps it until told otherwise. */
import { claimFolder, FolderOwnedError } from '../owner.ts';
import { hear, say } from './child-process.ts';

const [folder, command] = process.argv.slice(2);
const told = hear();
say('ready');
await told.next();
try {
  const ownership = await claimFolder(folder!, { command });
  say({ outcome: 'claimed', pid: process.pid });
  for await (const line of { [Symbol.asyncIterator]: () => told }) {
    if (line === 'release') {
      await ownership.release();
      break;
    }
    ownership.announce(line);
    say('announced');
  }
} catch (error) {
  if (!(error instanceof FolderOwnedError)) throw error;
  say({ outcome: error.code, pid: error.pid, command: error.command, url: error.url, message: error.message });
}
process.exit();
