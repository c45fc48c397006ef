import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { Town } from '../../standalone/testing/town.ts';
import { PROBLEMS } from '../http/problems.ts';
import { openApiPath } from './openapi.ts';

let town: Town;
beforeAll(async () => {
  town = await Town.open();
});
afterAll(() => town.close());

/** Routes as Fastify has registered them: its printed tree, with the paths put together. */
function registered(): string[] {
  const fastify = town.server.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const stack: string[] = [];
  const routes: string[] = [];
  for (const line of fastify.printRoutes({ commonPrefix: false }).split('\n')) {
    const found = /^([│ ]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
    // What goes before a wildcard is not printed with it.
    if (!found || found[2] === '*') continue;
    const depth = found[1]!.length / 4;
    stack.length = depth;
    stack.push(found[2]!);
    const path = stack.join('').replaceAll('::', ':');
    for (const method of found[3]?.split(', ') ?? [])
      if (method !== 'HEAD' && method !== 'OPTIONS') routes.push(`${method} ${openApiPath(path)}`);
  }
  for (const url of WILD)
    if (fastify.hasRoute({ method: 'GET', url: url.replace(/\*[a-z]+$/, '*') })) routes.push(`GET ${openApiPath(url)}`);
  return routes.sort();
}

/** Routes whose last part may have slashes. */
const WILD = ['/api/v1/elections/:election/log/:shard/tile/:level/*tile'];

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === '$ref' && typeof part === 'string' ? [part] : refsIn(part),
  );
}

function resolves(document: unknown, ref: string): boolean {
  let at = document;
  for (const part of ref.slice(2).split('/')) at = (at as Record<string, unknown> | undefined)?.[part];
  return at !== undefined;
}

describe('the OpenAPI document', () => {
  it('lists every route that is registered, and no other', async () => {
    const { json } = await town.get('/api/openapi.json');
    expect(json.openapi).toBe('3.1.0');
    const listed = Object.entries(json.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(registered().length).toBeGreaterThan(35);
    expect(listed.sort()).toEqual(registered());
    expect(listed).toContain('POST /api/v1/elections/{election}/sheets:batch');
  });

  it('refers to nothing that is not there, and names every operation once', async () => {
    const { json } = await town.get('/api/openapi.json');
    expect(refsIn(json).filter((ref) => !resolves(json, ref))).toEqual([]);
    const operations = Object.values(
      json.paths as Record<string, Record<string, { operationId: string; responses: object }>>,
    ).flatMap(Object.values);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { responses } of operations) expect(Object.keys(responses).length).toBeGreaterThan(2);
    expect(json.components.schemas.SubmittedSheet).toMatchObject({ type: 'object', additionalProperties: false });
    expect(json.components.schemas.Results.properties.nodes.items).toEqual({ $ref: '#/components/schemas/ResultNode' });
  });
});

describe('the AsyncAPI document', () => {
  it('describes every message', async () => {
    const { json } = await town.get('/api/asyncapi.json');
    expect(json.asyncapi).toBe('3.0.0');
    expect(Object.keys(json.channels.live.messages)).toEqual([
      'watch',
      'unwatch',
      'feed',
      'unfeed',
      'totals',
      'position',
      'attempt',
      'feed-gap',
    ]);
    expect(refsIn(json).filter((ref) => !resolves(json, ref))).toEqual([]);
  });
});

describe('/api/docs', () => {
  it('is a page without scripts, of this server alone, under a strict policy', async () => {
    const page = await town.get('/api/docs');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.text).not.toMatch(/<script|style=|https?:\/\//);
    expect(page.text).toContain('/api/v1/elections/{election}/sheets:batch');
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect((await town.get('/api/docs.css')).headers.get('content-type')).toContain('text/css');
  });

  it('explains every type of problem', async () => {
    const page = await town.get('/api/docs');
    for (const code of Object.keys(PROBLEMS)) expect(page.text).toContain(`id="problem-${code}"`);
    const there = await town.call('GET', '/problems/stale-revision', { redirect: 'manual' });
    expect([there.status, there.headers.get('location')]).toEqual([302, '/api/docs#problem-stale-revision']);
    expect((await town.get('/problems/nonsense')).status).toBe(404);
  });
});
