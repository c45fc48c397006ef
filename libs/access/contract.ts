/** What every adapter of `Accounts` promises; an adapter's spec calls this with a way to open it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Accounts } from './port.ts';
import { newToken } from './token.ts';

/** `open` opens the same store again on every call until `drop`. */
export interface AccountsUnderTest {
  open(): Promise<Accounts>;
  drop(): Promise<void>;
  /** Everything the store has written down, to look for secrets in. */
  raw(): Promise<string>;
}

export function accountsContract(name: string, prepare: () => Promise<AccountsUnderTest>): void {
  describe(`accounts: ${name}`, () => {
    let store: AccountsUnderTest;
    let accounts: Accounts;

    beforeEach(async () => {
      store = await prepare();
      accounts = await store.open();
    });
    afterEach(async () => {
      await accounts.close();
      await store.drop();
    });

    it('finds an account by the token it was made with', async () => {
      const { account, token } = await accounts.add({ role: 'clerk', unit: 'c-1', name: 'Desk 4' });
      expect(token).toMatch(/^tally_[A-Za-z0-9_-]{43}$/);
      expect(account).toMatchObject({ role: 'clerk', unit: 'c-1', election: null, name: 'Desk 4', revokedAt: null });
      expect(await accounts.find(token)).toEqual(account);
    });

    it('finds nothing for another token, however close', async () => {
      const { token } = await accounts.add({ role: 'clerk', unit: null });
      const near = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
      for (const other of ['', 'tally_', near, token.toUpperCase(), `${token} `, 'x'.repeat(100_000), '__proto__'])
        expect(await accounts.find(other)).toBeUndefined();
    });

    it('keeps accounts over a restart, and no secret', async () => {
      const { account, token } = await accounts.add({ role: 'manager', unit: null });
      await accounts.close();
      accounts = await store.open();
      expect(await accounts.find(token)).toEqual(account);
      expect(await accounts.list()).toEqual([account]);
      expect(await store.raw()).not.toContain(token.slice('tally_'.length));
    });

    it('gives an account the token that its holder has already', async () => {
      const token = newToken();
      const added = await accounts.addFirst({ role: 'manager', unit: null, token });
      expect(added?.token).toBe(token);
      expect(await accounts.find(token)).toEqual(added?.account);
    });

    it('makes a first account only where there is none', async () => {
      const first = await accounts.addFirst({ role: 'manager', unit: null, name: 'first' });
      expect(await accounts.find(first!.token)).toEqual(first!.account);
      expect(await accounts.addFirst({ role: 'manager', unit: null })).toBeNull();
      await accounts.revoke(first!.account.id);
      expect(await accounts.addFirst({ role: 'manager', unit: null })).toBeNull();
      expect(await accounts.list()).toHaveLength(1);
    });

    it('revokes for good; twice is a no-op', async () => {
      const { account, token } = await accounts.add({ role: 'observer', unit: null, election: 'e-1' });
      expect(await accounts.revoke(account.id)).toBe(true);
      expect(await accounts.find(token)).toBeUndefined();
      const [listed] = await accounts.list();
      expect(listed?.revokedAt).not.toBeNull();
      expect(await accounts.revoke(account.id)).toBe(true);
      expect(await accounts.list()).toEqual([listed]);
      expect(await accounts.revoke('nobody')).toBe(false);
    });

    it('signs a browser in, over a restart too, and keeps no secret of it', async () => {
      const { account, token } = await accounts.add({ role: 'observer', unit: 'c-1' });
      const started = await accounts.startSession(account.id, 60_000);
      expect(started?.account).toEqual(account);
      expect(Date.parse(started!.expiresAt)).toBeGreaterThan(Date.now() + 50_000);
      await accounts.close();
      accounts = await store.open();
      const { secret, ...session } = started!;
      expect(await accounts.findSession(secret)).toEqual(session);
      expect(await accounts.find(secret)).toBeUndefined();
      expect(await accounts.findSession(token)).toBeUndefined();
      expect(await store.raw()).not.toContain(secret.slice('tallysession_'.length));
    });

    it('ends a session when it is signed out, runs out, or its account is revoked', async () => {
      const { account } = await accounts.add({ role: 'observer', unit: null });
      const [out, short, revoked] = await Promise.all(
        [60_000, 1, 60_000].map((forMs) => accounts.startSession(account.id, forMs)),
      );
      expect(await accounts.findSession(out!.secret)).toBeDefined();
      await accounts.endSession(out!.secret);
      await accounts.endSession(out!.secret);
      expect(await accounts.findSession(out!.secret)).toBeUndefined();
      expect(Date.parse(short!.expiresAt)).toBeLessThan(Date.parse(revoked!.expiresAt));
      expect(await accounts.findSession(short!.secret)).toBeUndefined();
      expect(await accounts.findSession(revoked!.secret)).toMatchObject({ account });
      await accounts.revoke(account.id);
      expect(await accounts.findSession(revoked!.secret)).toBeUndefined();
      expect(await accounts.startSession(account.id, 60_000)).toBeUndefined();
      for (const other of ['', 'tallysession_', '__proto__', 'x'.repeat(10_000)])
        expect(await accounts.findSession(other)).toBeUndefined();
    });

    it('makes many at once, each its own', async () => {
      const made = await Promise.all(Array.from({ length: 50 }, () => accounts.add({ role: 'clerk', unit: null })));
      expect(new Set(made.map(({ token }) => token)).size).toBe(50);
      expect(await accounts.list()).toHaveLength(50);
      for (const { account, token } of made) expect(await accounts.find(token)).toEqual(account);
    });
  });
}
