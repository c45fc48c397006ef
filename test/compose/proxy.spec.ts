/** The proxy's configuration without Caddy: it leads to services and ports of the composition, and trusts nobody outside. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../services/checkout.ts';
import { directivesOf, parseCaddyfile } from './caddyfile.ts';
import { programOf, readCompose } from './compose-file.ts';

const tree = parseCaddyfile(readFileSync(join(root, 'deploy/Caddyfile'), 'utf8'));
const { services } = readCompose();
const words = (name: string): string[][] => directivesOf(tree, name).map((one) => one.words.slice(1));

/** What each `handle` of the site leads to, by its matcher. */
const ways = new Map(
  directivesOf(tree, 'handle').map(({ words: [, matcher = 'rest'], block }) => [
    matcher,
    directivesOf(block, 'reverse_proxy').flatMap((one) => one.words.slice(1)),
  ]),
);
const upstreamsOf = (process: string): string[] =>
  Object.entries(services)
    .filter(([, service]) => programOf(service) === `dist/apps/${process}/main.js`)
    .map(([name]) => `${name}:4000`);

describe('the proxy', () => {
  it('leads the live feed and snapshots to every gateway, and all else to every api', () => {
    expect(ways).toEqual(
      new Map([
        ['/metrics', []],
        ['@live', upstreamsOf('gateway')],
        ['@snapshots', upstreamsOf('gateway')],
        ['rest', upstreamsOf('api')],
      ]),
    );
    expect(words('@live')).toEqual([['path', '/socket.io/*']]);
  });

  it('takes for a snapshot what a gateway answers, and nothing else', () => {
    const [[pattern]] = words('path_regexp') as [[string]];
    const isSnapshot = (path: string): boolean => new RegExp(pattern).test(path);
    for (const path of ['results/68', 'results/24846-01/children'])
      expect(isSnapshot(`/api/v1/elections/e-1/${path}`)).toBe(true);
    for (const path of ['results.csv', 'results/68/timeline', 'results/68/lineage', 'sheets', 'sheets/s/c'])
      expect(isSnapshot(`/api/v1/elections/e-1/${path}`)).toBe(false);
  });

  it('asks each process whether it lives, so that a store that is away does not darken all, and sends again only what changes nothing', () => {
    expect(words('health_uri')).toEqual([['/health/live']]);
    const [retry] = directivesOf(tree, 'lb_retry_match');
    expect(retry?.block.map((one) => one.words)).toEqual([['method', 'GET', 'HEAD']]);
    for (const { block } of directivesOf(tree, 'reverse_proxy'))
      expect(block.map((one) => one.words)).toEqual([['import', 'tally']]);
  });

  it('takes no word of a client for where it is, and says who its processes are to nobody', () => {
    expect(words('trusted_proxies')).toEqual([]);
    expect(words('header_up')).toEqual([]);
    expect(words('respond')).toEqual([['404']]);
    expect(words('admin')).toEqual([['off']]);
    for (const [name, { environment }] of Object.entries(services))
      if (/^(api|gateway)-/.test(name)) expect(String(environment?.TALLY_PROXIES)).toBe('1');
  });

  it('listens where its port is published from', () => {
    const site = tree.find(({ words: [first] }) => first?.startsWith(':'));
    expect(services.proxy?.ports?.[0]?.endsWith(site!.words[0]!)).toBe(true);
  });

  it('compresses nothing whose ETag is used to change it', () => {
    expect(words('@plain')).toEqual([['path', '/assets/*', '*/results.csv']]);
    expect(words('encode')).toEqual([['@plain', 'zstd', 'gzip']]);
  });
});
