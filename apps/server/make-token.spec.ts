import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { looksLikeToken } from '#access';
import { root } from '../../test/services/checkout.ts';

const PROGRAM = join(root, 'dist/apps/server/make-token.js');

describe('make-token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-token-'));
  const file = join(folder, 'manager-token');
  const make = (...args: string[]): string =>
    execFileSync(process.execPath, [PROGRAM, ...args], { stdio: 'pipe', encoding: 'utf8' });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes a token that only its owner can read, once, and nothing beside it', () => {
    expect(make(file)).toBe('');
    const token = readFileSync(file, 'utf8').trim();
    expect(looksLikeToken(token)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    make(file);
    expect(readFileSync(file, 'utf8').trim()).toBe(token);
    expect(readdirSync(folder)).toEqual(['manager-token']);
  });

  it('says how it is used', () => {
    expect(() => make()).toThrow(/make-token FILE/);
  });
});
