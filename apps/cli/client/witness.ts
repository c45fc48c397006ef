/** A witness: cosigns the checkpoints of a copy that has only ever gone on. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  COSIGNATURE,
  checkpointPath,
  cosign,
  EXPORT_FILES,
  formatVerifier,
  isKeyName,
  makeSigningKey,
  parseDescription,
  publicKeyOf,
  readSigningKey,
  type Signer,
} from '#transparency';
import { refused, wrongUsage } from '../errors.ts';

export interface Witness extends Signer {
  /** As others name it to `verify --witness`. */
  readonly verifier: string;
}

/** null where no witness is asked for. The key is made, readable by its owner only, where there is none. */
export async function witnessOf(file: string | undefined, name: string | undefined): Promise<Witness | null> {
  if (file === undefined && name === undefined) return null;
  if (file === undefined || name === undefined) throw wrongUsage('A witness has a key and a name: --cosign and --as.');
  if (!isKeyName(name)) throw wrongUsage(`--as ${name}: a name has no space and no plus sign.`);
  const key = readSigningKey(await readOrMake(file));
  if (!key) throw refused(`${file} holds no Ed25519 key in PEM.`);
  return { name, key, verifier: formatVerifier({ name, publicKey: publicKeyOf(key) }, COSIGNATURE) };
}

async function readOrMake(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const pem = makeSigningKey();
  await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
  return pem;
}

/** Where the cosigned checkpoints of a copy lie: `cosigned/<shard>`, the newest of each. */
const FOLDER = 'cosigned';

export async function cosignCopy(folder: string, witness: Witness): Promise<void> {
  const description = parseDescription(await readFile(join(folder, EXPORT_FILES.description), 'utf8'));
  const shards = description?.position.split(',').length ?? 0;
  await mkdir(join(folder, FOLDER), { recursive: true });
  const now = new Date();
  for (let shard = 0; shard < shards; shard += 1) {
    const note = await readFile(join(folder, checkpointPath(shard)), 'utf8');
    const path = join(folder, FOLDER, String(shard));
    await writeFile(`${path}.part`, cosign(note, witness, now));
    await rename(`${path}.part`, path);
  }
}
