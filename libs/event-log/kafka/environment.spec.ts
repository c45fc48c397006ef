import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { kafkaEnvironment } from './environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'tally-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the environment for Kafka', () => {
  it('needs brokers alone', () => {
    expect(kafkaEnvironment.parse({ KAFKA_BROKERS: 'a:9092, b:9093', PATH: '/bin' })).toEqual({
      brokers: ['a:9092', 'b:9093'],
    });
  });

  it('gives every option', () => {
    const files = Object.fromEntries(['CA', 'CERT', 'KEY'].map((name) => [name, join(folder, name)]));
    for (const [name, file] of Object.entries(files)) writeFileSync(file, `PEM of ${name}`);
    const options = kafkaEnvironment.parse({
      KAFKA_BROKERS: 'a:9092',
      KAFKA_TLS: 'true',
      KAFKA_CA_FILE: files.CA,
      KAFKA_CERT_FILE: files.CERT,
      KAFKA_KEY_FILE: files.KEY,
      KAFKA_SASL: 'scram-sha-512',
      KAFKA_USERNAME: 'tally',
      KAFKA_PASSWORD: 'secret',
      KAFKA_REPLICATION: '5',
      KAFKA_MIN_INSYNC: '3',
    });
    expect(options).toEqual({
      brokers: ['a:9092'],
      tls: { ca: 'PEM of CA', cert: 'PEM of CERT', key: 'PEM of KEY' },
      sasl: { mechanism: 'scram-sha-512', username: 'tally', password: 'secret' },
      replication: 5,
      minInSync: 3,
    });
  });

  it('is told every problem with the name of its variable', () => {
    const problemsOf = (environment: Record<string, string>) =>
      kafkaEnvironment
        .safeParse(environment)
        .error?.issues.map(({ path }) => path.join('.'))
        .sort();
    expect(problemsOf({})).toEqual(['KAFKA_BROKERS']);
    expect(
      problemsOf({
        KAFKA_BROKERS: 'a:9092',
        KAFKA_TLS: 'yes',
        KAFKA_SASL: 'gssapi',
        KAFKA_REPLICATION: '0',
      }),
    ).toEqual(['KAFKA_REPLICATION', 'KAFKA_SASL', 'KAFKA_TLS']);
    expect(
      problemsOf({
        KAFKA_BROKERS: 'a,b:70000',
        KAFKA_TLS: 'true',
        KAFKA_CA_FILE: join(folder, 'absent'),
        KAFKA_KEY_FILE: join(folder, 'absent'),
        KAFKA_SASL: 'plain',
        KAFKA_USERNAME: 'tally',
        KAFKA_REPLICATION: '2',
        KAFKA_MIN_INSYNC: '3',
      }),
    ).toEqual([
      'KAFKA_BROKERS',
      'KAFKA_BROKERS',
      'KAFKA_CA_FILE',
      'KAFKA_CERT_FILE',
      'KAFKA_KEY_FILE',
      'KAFKA_MIN_INSYNC',
      'KAFKA_PASSWORD',
    ]);
    expect(problemsOf({ KAFKA_BROKERS: 'a:1', KAFKA_CA_FILE: 'ca.pem', KAFKA_PASSWORD: 'x' })).toEqual([
      'KAFKA_CA_FILE',
      'KAFKA_PASSWORD',
    ]);
  });
});
