/** The image without a Docker engine: what is copied exists, and the last stage is small and nobody's root. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { processEnvironment, readEnvironment } from '../../apps/server/environment.ts';
import { root } from '../services/checkout.ts';
import { programOf, readCompose } from './compose-file.ts';
import { copiesOf, parseDockerfile } from './dockerfile.ts';

const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const stages = parseDockerfile(text('Dockerfile'));
const last = stages.at(-1)!;
const restOf = (name: string): string[] =>
  last.instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest);

describe('Dockerfile', () => {
  it('builds on one Node, pinned, that package.json allows and that is still maintained', () => {
    expect(new Set(stages.map(({ image }) => image))).toEqual(new Set(['node:24-bookworm-slim']));
    expect((JSON.parse(text('package.json')) as { engines: { node: string } }).engines.node).toBe('>=20.19');
  });

  it('copies what exists, from stages that exist', () => {
    for (const stage of stages)
      for (const { from, sources } of copiesOf(stage)) {
        if (from !== null) expect(stages.map(({ name }) => name)).toContain(from);
        for (const source of sources) {
          const path = from === null ? source : source.replace(/^\/tally\//, '');
          expect([path, existsSync(join(root, path))]).toEqual([path, true]);
        }
      }
  });

  it('leaves out of the build nothing that it copies, and nothing that it needs', () => {
    const ignored = text('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const copied = stages.flatMap((stage) => copiesOf(stage).filter(({ from }) => from === null));
    const needed = [
      ...copied.flatMap(({ sources }) => sources),
      'tsconfig.json',
      'apps',
      'libs',
      'test',
      'bench',
      'examples',
    ];
    for (const path of needed) expect(ignored).not.toContain(path);
    expect(ignored).toEqual(expect.arrayContaining(['node_modules', 'dist', '.git', '.cache', 'data']));
  });

  it('runs with production dependencies, as an ordinary user, on the port that is asked', () => {
    expect(copiesOf(last).find(({ sources }) => sources[0]?.endsWith('/node_modules'))?.from).toBe('dependencies');
    const dependencies = stages.find(({ name }) => name === 'dependencies')!;
    expect(dependencies.instructions.map(({ rest }) => rest)).toContain('npm ci --omit=dev');
    expect(restOf('USER')).toEqual(['node']);
    const given = Object.fromEntries(
      restOf('ENV')
        .flatMap((rest) => rest.split(/\s+/))
        .map((pair) => pair.split('=')),
    );
    expect(readEnvironment(processEnvironment, given)).toMatchObject({
      ok: true,
      value: { HOST: '0.0.0.0', PORT: 4000 },
    });
    expect(restOf('EXPOSE')).toEqual([given.PORT]);
  });

  it('starts a program that exists, and has every program that the composition starts', () => {
    const [command] = restOf('CMD').map((rest) => JSON.parse(rest) as string[]);
    const programs = Object.values(readCompose().services).map(programOf);
    for (const program of [command![1], ...programs.filter((one) => one !== undefined)]) {
      expect(existsSync(join(root, program!))).toBe(true);
      expect(program).toMatch(/^dist\/apps\//);
    }
  });

  it('keeps secrets and the place of the demonstration in folders that its user owns', () => {
    const owned = restOf('RUN')
      .find((rest) => rest.startsWith('install -d -o node'))!
      .split(/\s+/);
    const targets = Object.values(readCompose().services)
      .filter(({ build }) => build !== undefined)
      .flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[1]!));
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(owned).toContain(target);
  });
});
