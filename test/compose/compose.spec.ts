/** The composition without a Docker engine: what can be held against schemas, against the code, and against itself. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { ZodType } from 'zod';
import { apiEnvironment } from '../../apps/server/api-environment.ts';
import { clusterEnvironment } from '../../apps/server/cluster.ts';
import { publicEnvironment } from '../../apps/server/cluster-server.ts';
import { processEnvironment, readEnvironment } from '../../apps/server/environment.ts';
import { demoEnvironment } from '../../apps/standalone/demo/config.ts';
import { root } from '../services/checkout.ts';
import { programOf, readCompose, type Service } from './compose-file.ts';
import { variablesOf } from './variables.ts';

const compose = readCompose();
const services = Object.entries(compose.services);
const tally = services.filter(([, service]) => service.build !== undefined);
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const version = (JSON.parse(text('package.json')) as { version: string }).version;

/** By the program of dist; null: it reads no variables. */
const SCHEMAS: Readonly<Record<string, ZodType<object> | null>> = {
  'dist/apps/api/main.js': apiEnvironment,
  'dist/apps/gateway/main.js': publicEnvironment,
  'dist/apps/projector/main.js': clusterEnvironment,
  'dist/apps/standalone/demo/main.js': demoEnvironment,
  'dist/apps/server/make-token.js': null,
};

describe('docker-compose.yml', () => {
  it('is as the Compose Specification wants it', () => {
    const schema = JSON.parse(text('test/compose/compose-spec.schema.json')) as object;
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
    const raw = parse(text('docker-compose.yml'), { merge: true }) as object;
    validate(raw);
    expect(validate.errors).toBeNull();
    validate({ ...raw, services: { broken: { image: 'x', prots: [] } } });
    expect(validate.errors).not.toBeNull();
  });

  it('has three brokers, three members of a replica set and two of each process', () => {
    const images = services.map(([, { image }]) => image.split(':')[0]);
    const programs = tally.map(([, service]) => programOf(service));
    expect(images.filter((image) => image === 'apache/kafka')).toHaveLength(3);
    expect(services.filter(([name]) => /^mongo-\d$/.test(name))).toHaveLength(3);
    for (const process of ['api', 'gateway', 'projector'])
      expect(programs.filter((program) => program === `dist/apps/${process}/main.js`)).toHaveLength(2);
  });

  it.each(services)('pins the image of %s by a tag', (_name, { image, build }) => {
    expect(image).toMatch(/^[a-z/]+:\d+(\.\d+)+$/);
    if (build !== undefined) expect(image).toBe(`tally:${version}`);
  });

  it.each(services)('gives %s no more than it needs', (_name, service) => {
    expect(service).toMatchObject({ init: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.privileged).toBeUndefined();
    expect(service.cap_add ?? []).toEqual(service.image.startsWith('caddy:') ? ['NET_BIND_SERVICE'] : []);
    expect(service.deploy?.resources.limits).toMatchObject({
      cpus: expect.stringMatching(/^\d/),
      memory: expect.stringMatching(/^\d+[mg]$/),
    });
    if (!service.image.startsWith('apache/kafka')) expect(service.read_only).toBe(true);
    expect(service.user ?? '1').not.toMatch(/^(root|0)\b/);
    for (const volume of service.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    for (const { source } of service.configs ?? []) expect(Object.keys(compose.configs)).toContain(source);
  });

  it('mounts configuration that exists, and no volume without a use', () => {
    for (const { file } of Object.values(compose.configs)) expect(existsSync(join(root, file))).toBe(true);
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]));
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.volumes)));
  });

  it('opens one port, to this machine only, and shuts the stores off', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual(['proxy 127.0.0.1:4000:8080']);
    expect(compose.networks.stores).toEqual({ internal: true });
    for (const [name, { image, networks }] of services)
      if (/^(apache\/kafka|mongo):/.test(image)) expect([name, networks]).toEqual([name, ['stores']]);
    expect(compose.services.proxy?.networks).toEqual(['public']);
  });

  it('waits for what is there, and for health only where there is a check', () => {
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const found = compose.services[other];
        expect([name, other, found === undefined]).toEqual([name, other, false]);
        if (condition === 'service_healthy')
          expect([other, found?.healthcheck?.test.length]).not.toEqual([other, undefined]);
        else expect([other, condition, found?.restart]).toEqual([other, 'service_completed_successfully', 'no']);
      }
  });

  it('plays the demonstration when it is asked to only', () => {
    const asked = services.filter(([, { profiles }]) => profiles !== undefined);
    expect(asked.map(([name, { profiles }]) => [name, profiles])).toEqual([['demo', ['demo']]]);
  });
});

describe.each(tally)('%s', (_name, service) => {
  const program = programOf(service)!;

  it('runs a program that npm run build makes', () => {
    expect(existsSync(join(root, program))).toBe(true);
    expect(existsSync(join(root, program.replace(/^dist\//, '').replace(/\.js$/, '.ts')))).toBe(true);
  });

  it('is given variables that its program reads, with values that it takes', () => {
    const schema = SCHEMAS[program];
    expect(schema).toBeDefined();
    const given = Object.fromEntries(Object.entries(service.environment ?? {}).map(([k, v]) => [k, String(v)]));
    const known = schema ? variablesOf(schema).map(({ name }) => name) : [];
    expect(Object.keys(given).filter((name) => !known.includes(name))).toEqual([]);
    if (schema) expect(readEnvironment(schema, given)).toMatchObject({ ok: true });
  });

  it('has time to end in order', () => {
    expect(service.stop_grace_period).toBe('20s');
  });
});

describe('names, ports and health', () => {
  const port = variablesOf(processEnvironment).find(({ name }) => name === 'PORT')!.byDefault;
  const given = (name: string): string[] =>
    tally.flatMap(([, { environment }]) => (environment?.[name] === undefined ? [] : [String(environment[name])]));

  it('of the brokers are what they call themselves and what Tally looks for', () => {
    const brokers = services.filter(([, { image }]) => image.startsWith('apache/kafka:'));
    const addresses = brokers.map(([name]) => `${name}:9092`);
    for (const brokersOfTally of given('KAFKA_BROKERS')) expect(brokersOfTally.split(',')).toEqual(addresses);
    const voters = brokers.map(([name, { environment }]) => `${environment?.KAFKA_NODE_ID}@${name}:9093`).join();
    for (const [name, { environment }] of brokers)
      expect(environment).toMatchObject({
        KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${name}:9092`,
        KAFKA_CONTROLLER_QUORUM_VOTERS: voters,
        KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      });
    const [one] = brokers;
    expect(Buffer.from(String(one![1].environment!.CLUSTER_ID), 'base64url')).toHaveLength(16);
  });

  it('of the replica set are the same for its servers, for its making and for Tally', () => {
    const members = services.filter(([name]) => /^mongo-\d$/.test(name)).map(([name]) => `${name}:27017`);
    const script = text('deploy/mongo-init.js');
    expect(JSON.parse(/const hosts = (\[.*\]);/.exec(script)![1]!.replaceAll("'", '"'))).toEqual(members);
    const set = /_id: '(\w+)'/.exec(script)![1]!;
    for (const uri of given('MONGODB_URI')) expect(uri).toBe(`mongodb://${members.join()}/?replicaSet=${set}`);
    for (const [name, { command }] of services)
      if (/^mongo-\d$/.test(name)) expect(command?.slice(0, 3)).toEqual(['mongod', '--replSet', set]);
  });

  it('of the checks are those of the code', () => {
    const routes = text('apps/api/operation/health.ts');
    expect(routes).toContain("path: '/health/ready'");
    const served: Service[] = tally.map(([, service]) => service).filter(({ healthcheck }) => healthcheck);
    expect(served).toHaveLength(6);
    for (const { healthcheck, environment } of served) {
      expect(healthcheck!.test.join(' ')).toContain(`http://127.0.0.1:${port}/health/ready`);
      expect(environment).not.toHaveProperty('PORT');
    }
  });

  it('of the proxy are those that demonstration and check use', () => {
    expect(compose.services.demo?.environment?.TALLY_URL).toBe('http://proxy:8080');
    expect(compose.services.proxy?.healthcheck?.test).toContain('http://127.0.0.1:8080/health/live');
  });
});
