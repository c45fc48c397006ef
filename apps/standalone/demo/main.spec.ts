import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newToken } from '#access';
import { root } from '../../../test/services/checkout.ts';
import { TallyServer } from '../../../test/services/tally-server.ts';

const PROGRAM = join(root, 'dist/apps/standalone/demo/main.js');

describe('the player as a process of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-player-'));
  let server: TallyServer;
  beforeAll(async () => {
    server = await TallyServer.start({ data: join(folder, 'data') });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const play = (env: Record<string, string>): { status: number | null; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, '--data', join(folder, 'player')], {
      encoding: 'utf8',
      timeout: 50_000,
      env: { PATH: process.env.PATH, TALLY_URL: `${server.url}/`, TALLY_DEMO_SECONDS: '3', ...env },
    });
    return { status, out: stdout, err: stderr };
  };

  it('plays a night into a running installation, and knows when it has', async () => {
    const token = server.token!;
    expect(play({ TALLY_TOKEN: token, TALLY_PAGES: 'https://results.example' })).toMatchObject({
      status: 0,
      out: expect.stringMatching(/https:\/\/results\.example\/vi\/[\s\S]*The night is over/),
      err: '',
    });
    const page = `${server.url}/api/v1/elections/lac-duong-2021-rehearsal/results/675?contest=na-1`;
    const { nodes } = (await (await fetch(page)).json()) as {
      nodes: { progress: { stations: number; counted: number } }[];
    };
    expect(nodes[0]?.progress.counted).toBe(nodes[0]?.progress.stations);
    expect(play({ TALLY_TOKEN: token })).toMatchObject({ status: 0, out: expect.stringContaining('from act') });
  });

  it('says what is missing or wrong, and plays nothing', () => {
    expect(play({})).toMatchObject({ status: 2, err: expect.stringContaining('TALLY_TOKEN or TALLY_TOKEN_FILE') });
    expect(play({ TALLY_TOKEN: newToken() })).toMatchObject({ status: 1, err: expect.stringContaining('answers 401') });
    expect(play({ TALLY_TOKEN: 'x', TALLY_URL: 'nowhere' })).toMatchObject({
      status: 2,
      err: expect.stringContaining('must be an address'),
    });
  });
});
