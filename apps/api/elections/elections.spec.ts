import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { packageFiles, packageZip } from '../../standalone/testing/package.ts';
import { Town } from '../../standalone/testing/town.ts';

let town: Town;
beforeAll(async () => {
  town = await Town.open();
});
afterAll(() => town.close());

const open = (raw: Uint8Array, token: string = town.tokens.manager) =>
  town.call('POST', '/api/v1/elections', { token, raw, type: 'application/zip' });

describe('POST /elections', () => {
  it('opens once; again with the same package is a no-op, with another one refused', async () => {
    const first = await open(packageZip({ id: 'second-rehearsal' }));
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({ id: 'second-rehearsal', outcome: 'opened', summary: { stations: 4 } });
    expect(first.headers.get('location')).toBe('/api/v1/elections/second-rehearsal');
    const again = await open(packageZip({ id: 'second-rehearsal' }));
    expect([again.status, again.json.outcome, again.json.definition]).toEqual([
      200,
      'already-open',
      first.json.definition,
    ]);
    const other = await open(packageZip({ id: 'second-rehearsal', entry: 'double' }));
    expect(other.json).toMatchObject({ status: 409, code: 'other-package', definition: first.json.definition });
    const shards = await open(packageZip({ id: 'second-rehearsal', shards: 3 }));
    expect(shards.json.code).toBe('other-package');
  });

  it('lists every problem of a package with its place', async () => {
    const files = {
      ...packageFiles({ id: 'bad-rehearsal' }),
      'units.csv': 'code,level,name,parent\nr,town,Town,\nr,town,Town,\nx,moon,X,nowhere\n',
    };
    const answer = await open(
      zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, strToU8(content)]))),
    );
    expect(answer.json).toMatchObject({ status: 422, code: 'bad-package' });
    expect(answer.json.errors.length).toBeGreaterThan(2);
    expect(answer.json.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pointer: '/units.csv', file: 'units.csv', line: expect.any(Number) }),
      ]),
    );
    expect((await open(new Uint8Array([80, 75, 1, 2, 3]))).json.code).toBe('bad-package');
    expect((await open(new Uint8Array())).status).toBeGreaterThanOrEqual(400);
    expect((await town.post('/api/v1/elections', 'manager', {})).json.code).toBe('unsupported-media-type');
  });

  it('wants a manager whose area takes the election in', async () => {
    const { token } = await town.installation.accounts.add({ role: 'manager', unit: 'c-1' });
    expect((await open(packageZip({ id: 'third-rehearsal' }), token)).json.code).toBe('not-permitted');
    const root = await town.installation.accounts.add({ role: 'manager', unit: 'r', election: 'third-rehearsal' });
    expect((await open(packageZip({ id: 'fourth-rehearsal' }), root.token)).json.code).toBe('not-permitted');
    expect((await open(packageZip({ id: 'third-rehearsal' }), root.token)).status).toBe(201);
  });
});

describe('GET /elections', () => {
  it('tells what there is', async () => {
    const { json } = await town.get('/api/v1/elections');
    expect(json.elections).toContainEqual({
      id: 'town-rehearsal',
      name: { en: 'Town' },
      date: '2021-05-23',
      rehearsal: true,
      root: 'r',
    });
    const one = await town.get('');
    expect(one.json).toMatchObject({ id: 'town-rehearsal', stations: 4, contests: 2, shards: 2, position: '0:1,1:1' });
    const unit = await town.get('units/c-1');
    expect(unit.json).toMatchObject({
      code: 'c-1',
      path: [{ code: 'r' }],
      children: [{ code: 's-1' }, { code: 's-2' }],
    });
    expect((await town.get('units/zz')).json.code).toBe('unknown-unit');
    expect((await town.get('/api/v1/elections/')).status).toBe(200);
  });
});
