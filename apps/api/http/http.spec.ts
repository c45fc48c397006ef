import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Town } from '../../standalone/testing/town.ts';

let town: Town;
let narrow: Town;
beforeAll(async () => {
  town = await Town.open();
  narrow = await Town.open(
    { id: 'narrow-rehearsal' },
    { limits: { publicPerSecond: 5, failedLoginsPerMinute: 3, socketsPerAddress: 1 } },
  );
});
afterAll(async () => {
  await town.close();
  await narrow.close();
});

/** What comes back for bytes that no HTTP client would send. */
async function raw(text: string): Promise<string> {
  const { port } = new URL(town.server.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(text);
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString();
  });
  await once(socket, 'close');
  return answer;
}

describe('what is no good request', () => {
  it('is answered as a problem, whatever it is', async () => {
    const cases: [string, string][] = [
      ['nonsense\r\n\r\n', '400'],
      ['GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '400'],
      [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, '431'],
      ['GET /api/v1/elections HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic abc\r\n\r\n', '401'],
      ['BREW /api/v1/elections HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '400'],
      ['DELETE /api/v1/elections HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '404'],
    ];
    for (const [text, status] of cases) {
      const answer = await raw(text);
      expect([text.slice(0, 30), answer.slice(9, 12)]).toEqual([text.slice(0, 30), status]);
      expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
      expect(answer).not.toMatch(/node_modules|at .*\.ts:/);
    }
  });

  it('has its limits told with the largest body that is refused unread', async () => {
    const answer = await raw(
      `POST /api/v1/elections/${town.election}/sheets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${town.tokens.clerk}\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{`,
    );
    expect(answer.slice(9, 12)).toBe('413');
  });
});

describe('headers', () => {
  it('are strict, and tell nothing of what runs here', async () => {
    const { headers } = await town.get('/api/v1/elections');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("object-src 'none'");
    expect(headers.get('content-security-policy')).toContain("connect-src 'self' ws:");
  });
});

describe('limits', () => {
  it('are told with 429 and Retry-After, for the public and for wrong tokens, not for accounts', async () => {
    const wrong = await Promise.all(Array.from({ length: 6 }, () => narrow.call('GET', '', { token: 'tally_guess' })));
    expect(wrong.map(({ status }) => status).sort()).toEqual([401, 401, 401, 429, 429, 429]);
    const many = await Promise.all(Array.from({ length: 12 }, () => narrow.get('')));
    const refused = many.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.json.code).toBe('too-many-requests');
    expect(refused[0]!.headers.get('retry-after')).toBe('1');
    const accounts = await Promise.all(Array.from({ length: 50 }, () => narrow.get('', 'observer')));
    expect(new Set(accounts.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
