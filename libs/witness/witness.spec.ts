/** Whatever comes at once, and through however many processes: no two histories of a log are cosigned. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeSigningKey, parseVerifier, readSigningKey } from '#transparency';
import { SignedLog } from '../../test/kit/signed-log.ts';
import { KnownLogs } from './known-logs.ts';
import { Witness } from './witness.ts';

const KEY = makeSigningKey();
const SAME = 5;
const LENGTH = 12;

let folder: string;
let witnesses: Witness[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-witness-'));
  const signer = { name: 'w', key: readSigningKey(makeSigningKey())! };
  const head = parseVerifier(new SignedLog('tally/town/head', KEY).verifier)!;
  const logs = new KnownLogs([head, head]);
  witnesses = [0, 1].map(() => new Witness({ folder: join(folder, 'seen'), signer, logs }));
});
afterAll(async () => {
  for (const witness of witnesses) await witness.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a witness', () => {
  it('cosigns one history, whichever requests come at once', async () => {
    const request = fc.record({
      fork: fc.boolean(),
      oldSize: fc.nat({ max: LENGTH }),
      grown: fc.nat({ max: LENGTH }),
      at: fc.nat({ max: 1 }),
    });
    let shard = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 30 }), async (requests) => {
        const origin = `tally/town/${shard++}`;
        const histories = ['one', 'other'].map((told) =>
          new SignedLog(origin, KEY).grow(SAME).grow(2 * LENGTH, told),
        ) as [SignedLog, SignedLog];
        const answers = await Promise.all(
          requests.map(async ({ fork, oldSize, grown, at }) => {
            const log = histories[fork ? 1 : 0];
            const size = Math.min(2 * LENGTH, oldSize + grown);
            const outcome = await witnesses[at]!.addCheckpoint(await log.request(oldSize, size));
            return outcome.kind === 'cosigned' && size > SAME ? [fork] : [];
          }),
        );
        expect(new Set(answers.flat()).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});
