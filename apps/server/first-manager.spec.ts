import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Accounts, newToken } from '#access';
import { openEmbeddedAccounts } from '#access/embedded';
import { ensureFirstManager, givenToken } from './first-manager.ts';

describe('the first manager', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-first-'));
  let accounts: Accounts;
  beforeAll(async () => {
    accounts = await openEmbeddedAccounts(folder);
  });
  afterAll(async () => {
    await accounts.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has the token that was given, which is not shown, and is made once', async () => {
    const token = newToken();
    expect(await ensureFirstManager(accounts, token)).toBeNull();
    expect(await accounts.find(token)).toMatchObject({ role: 'manager', unit: null });
    expect(await ensureFirstManager(accounts, newToken())).toBeNull();
    expect(await ensureFirstManager(accounts, null)).toBeNull();
    expect(await accounts.list()).toHaveLength(1);
  });

  it('is not made with a token that could be guessed', async () => {
    const token = newToken();
    expect(await givenToken({ TALLY_MANAGER_TOKEN: token })).toBe(token);
    expect(await givenToken({})).toBeNull();
    await expect(givenToken({ TALLY_MANAGER_TOKEN: 'secret' })).rejects.toThrow('must be tally_ and 43 letters');
  });
});
