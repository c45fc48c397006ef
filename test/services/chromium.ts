/**
 * A real chromium for tests: the one that `CHROMIUM` names, else the one inside the npm package @sparticuz/chromium,
 * unpacked once into `.cache/` (the package unpacks into the temporary folder under a name without version, so it gets
 * a folder of its own). Nothing is downloaded.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { root } from './checkout.ts';

export type { Browser, BrowserContext, Page } from 'playwright-core';

export interface BrowserFound {
  readonly executable: string;
  readonly args: readonly string[];
}

/**
 * What the package adds for its own habitat and would make the tests say less than they seem to: with web security off,
 * the page could reach what a reader's browser would keep from it; in a single process, one crashed page ends them all.
 */
const LEFT_OUT = /^--(disable-web-security|allow-running-insecure-content|single-process|disk-cache-size)/;

/** The browser that tests run in; throws where there is none. */
export function findBrowser(): BrowserFound {
  const { CHROMIUM: named } = process.env;
  if (named) {
    accessSync(named, constants.X_OK);
    return { executable: named, args: ['--no-sandbox'] };
  }
  const cache = join(root, '.cache');
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8')) as {
    version: string;
  };
  const home = join(cache, `chromium-${version}`);
  const executable = join(home, 'chromium');
  if (!existsSync(executable)) unpack(cache, home);
  const args = ask('JSON.stringify(chromium.args)', home);
  return { executable, args: (JSON.parse(args) as string[]).filter((arg) => !LEFT_OUT.test(arg)) };
}

/** Unpacks beside its place and moves it there in one step: another test may be doing the same. */
function unpack(cache: string, home: string): void {
  mkdirSync(cache, { recursive: true });
  const aside = mkdtempSync(join(cache, 'unpacking-'));
  try {
    ask('await chromium.executablePath()', aside);
    renameSync(aside, home);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(join(home, 'chromium'))) throw error;
  }
}

/** Asks the package in a process of its own, whose temporary folder it is to use. */
function ask(expression: string, folder: string): string {
  const script = `import chromium from '@sparticuz/chromium'; process.stdout.write(String(${expression}))`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, TMPDIR: folder },
  });
}

/**
 * Starts a browser; null where this machine has none, which is said and is no failure except where `CI` is true: there
 * a missing browser must not pass for a page that works.
 */
export async function startBrowser(): Promise<Browser | null> {
  try {
    const { executable, args } = findBrowser();
    return await chromium.launch({ executablePath: executable, args: [...args] });
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    process.stderr.write(`no browser, its tests are skipped: ${error instanceof Error ? error.message : error}\n`);
    return null;
  }
}
