/** What the `device` commands promise, over a data folder and over a server alike. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { Device, publicPem } from '../../../test/kit/devices.ts';
import { ELECTION } from './rehearsal.ts';
import type { Ran } from './run-tally.ts';

/** Enrols two devices, of which one is revoked then. `folder`: for files of its own. */
export async function mustManageDevices(run: (...argv: string[]) => Promise<Ran>, folder: string): Promise<void> {
  const { key, id } = Device.number(1);
  const pem = join(folder, 'device.pub.pem');
  await writeFile(pem, publicPem(Device.number(2).key));
  expect(await run('device', 'add', ELECTION, '--unit', '09101', '--key', key)).toMatchObject({
    code: 0,
    out: `${id}\n`,
  });
  const fromFile = await run('device', 'add', ELECTION, '--unit', '091', '--key', pem, '--json');
  expect(JSON.parse(fromFile.out)).toMatchObject({ device: Device.number(2).id, unit: '091', role: 'clerk' });
  expect((await run('device', 'add', ELECTION, '--unit', '09101', '--key', key)).code).toBe(1);
  expect((await run('device', 'add', ELECTION, '--unit', '09101', '--key', 'no-such-file')).code).toBe(2);
  expect(await run('device', 'revoke', ELECTION, id, '--reason', 'lost')).toMatchObject({ code: 0 });
  expect((await run('device', 'revoke', ELECTION, id, '--reason', 'lost')).code).toBe(1);
  expect((await run('device', 'revoke', ELECTION, 'nothing', '--reason', 'lost')).code).toBe(1);
  const { out } = await run('device', 'list', ELECTION);
  expect(out).toMatch(new RegExp(`${id} +09101 +clerk .* lost\n`));
}
