import { describe, expect, it } from '@jest/globals';
import { Intake } from '#intake';
import { startServer } from '../../standalone/server.ts';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

describe('when the fold takes its time', () => {
  it('answers 202 with the address where the outcome is found', async () => {
    const town = await Town.open();
    const { installation } = town;
    const impatient = { ...installation, intake: new Intake(installation.projection, { waitMs: 0 }) };
    const server = await startServer(impatient, { port: 0, pages: null });
    const send = (): Promise<Response> =>
      fetch(`${server.url}/api/v1/elections/${town.election}/sheets`, {
        method: 'POST',
        headers: { authorization: `Bearer ${town.tokens.clerk}`, 'content-type': 'application/json' },
        body: JSON.stringify(sheet),
      });
    const sheet = sheetOf('s-1', { 1: 1, 2: 1 });
    const sent = await send();
    expect(sent.status).toBe(202);
    const { id, attempt, status } = (await sent.json()) as Record<string, string>;
    expect([id, status]).toEqual([sheet.id, 'pending']);
    const location = sent.headers.get('location')!;
    expect(location).toBe(`/api/v1/elections/${town.election}/events/${id}?at=${attempt}`);
    const headers = { authorization: `Bearer ${town.tokens.clerk}` };
    let found = await fetch(server.url + location, { headers });
    while (found.status === 202) found = await fetch(server.url + location, { headers });
    expect(await found.json()).toMatchObject({ status: 'folded', attempt: { outcome: 'accepted', revision: 1 } });
    const again = await town.submit(sheet);
    expect([again.status, again.json.attempt]).toEqual([200, attempt]);
    await server.close();
    await town.close();
  });
});

describe('when the log cannot be written', () => {
  it('answers 503 with Retry-After, in a batch line by line, and shows nothing of the fault', async () => {
    const town = await Town.open();
    await town.installation.logs.close();
    const sent = await town.submit(sheetOf('s-1', { 1: 1, 2: 1 }));
    expect(sent.json).toMatchObject({ status: 503, code: 'unconfirmed', reason: 'log-unavailable' });
    expect(sent.headers.get('retry-after')).toBe('1');
    const batch = await town.call('POST', 'sheets:batch', {
      token: town.tokens.clerk,
      raw: `${JSON.stringify(sheetOf('s-1', { 1: 1, 2: 1 }))}\n{}\n`,
      type: 'application/x-ndjson',
    });
    expect(
      batch.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).outcome),
    ).toEqual(['unconfirmed', 'refused']);
    await town.close();
  });
});
