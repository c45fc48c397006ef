#!/usr/bin/env node
/** The `tally` command: runs what `npm run build` made. */
import { existsSync, readFileSync } from 'node:fs';

const program = new URL('../../dist/apps/cli/main.js', import.meta.url);
if (existsSync(program)) {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { main } = await import(program.href);
  await main(version);
} else {
  console.error('tally: not built yet; run "npm run build" first');
  process.exitCode = 1;
}
