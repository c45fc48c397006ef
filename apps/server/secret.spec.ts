import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSecret } from './secret.ts';

describe('a secret', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tally-secret-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is given as itself, as the line of a file, or not at all', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'of the file\n');
    expect(await readSecret('TALLY_TOKEN', { TALLY_TOKEN: 'itself' })).toBe('itself');
    expect(await readSecret('TALLY_TOKEN', { TALLY_TOKEN_FILE: file })).toBe('of the file');
    expect(await readSecret('TALLY_TOKEN', { TALLY_OTHER: 'x' })).toBeNull();
  });

  it('is refused where it is not sure which one holds, or there is none in the file', async () => {
    const empty = join(folder, 'empty');
    writeFileSync(empty, '\n');
    await expect(readSecret('A', { A: 'x', A_FILE: empty })).rejects.toThrow('A and A_FILE are both set');
    await expect(readSecret('A', { A_FILE: empty })).rejects.toThrow('is empty');
    await expect(readSecret('A', { A_FILE: join(folder, 'missing') })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
