/** `make-token FILE`: writes a new token to a file that only its owner can read; one that is there stays. */
import { link, rm, writeFile } from 'node:fs/promises';
import { newToken } from '#access';

const WRONG_USAGE = 2;

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('make-token FILE\n');
  process.exitCode = WRONG_USAGE;
} else await makeToken(file);

/** Written beside and linked, so that the file is never there without its token. */
async function makeToken(path: string): Promise<void> {
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, `${newToken()}\n`, { mode: 0o600, flag: 'w' });
  try {
    await link(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(beside);
  }
}
