import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { kafkaEnvironment } from './environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'tally-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the environment for Kafka', () => {
  it('needs brokers alone', () => {
    expect(kafkaEnvironment.parse({ TALLY_KAFKA_BROKERS: 'a:9092, b:9093', PATH: '/bin' })).toEqual({
      brokers: ['a:9092', 'b:9093'],
    });
  });

  it('gives every option', () => {
    const files = Object.fromEntries(['CA', 'CERT', 'KEY'].map((name) => [name, join(folder, name)]));
    for (const [name, file] of Object.entries(files)) writeFileSync(file, `PEM of ${name}`);
    const options = kafkaEnvironment.parse({
      TALLY_KAFKA_BROKERS: 'a:9092',
      TALLY_KAFKA_TLS: 'true',
      TALLY_KAFKA_CA_FILE: files.CA,
      TALLY_KAFKA_CERT_FILE: files.CERT,
      TALLY_KAFKA_KEY_FILE: files.KEY,
      TALLY_KAFKA_SASL: 'scram-sha-512',
      TALLY_KAFKA_USERNAME: 'tally',
      TALLY_KAFKA_PASSWORD: 'secret',
      TALLY_KAFKA_REPLICATION: '5',
      TALLY_KAFKA_MIN_INSYNC: '3',
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
    expect(problemsOf({})).toEqual(['TALLY_KAFKA_BROKERS']);
    expect(
      problemsOf({
        TALLY_KAFKA_BROKERS: 'a:9092',
        TALLY_KAFKA_TLS: 'yes',
        TALLY_KAFKA_SASL: 'gssapi',
        TALLY_KAFKA_REPLICATION: '0',
      }),
    ).toEqual(['TALLY_KAFKA_REPLICATION', 'TALLY_KAFKA_SASL', 'TALLY_KAFKA_TLS']);
    expect(
      problemsOf({
        TALLY_KAFKA_BROKERS: 'a,b:70000',
        TALLY_KAFKA_TLS: 'true',
        TALLY_KAFKA_CA_FILE: join(folder, 'absent'),
        TALLY_KAFKA_KEY_FILE: join(folder, 'absent'),
        TALLY_KAFKA_SASL: 'plain',
        TALLY_KAFKA_USERNAME: 'tally',
        TALLY_KAFKA_REPLICATION: '2',
        TALLY_KAFKA_MIN_INSYNC: '3',
      }),
    ).toEqual([
      'TALLY_KAFKA_BROKERS',
      'TALLY_KAFKA_BROKERS',
      'TALLY_KAFKA_CA_FILE',
      'TALLY_KAFKA_CERT_FILE',
      'TALLY_KAFKA_KEY_FILE',
      'TALLY_KAFKA_MIN_INSYNC',
      'TALLY_KAFKA_PASSWORD',
    ]);
    expect(
      problemsOf({ TALLY_KAFKA_BROKERS: 'a:1', TALLY_KAFKA_CA_FILE: 'ca.pem', TALLY_KAFKA_PASSWORD: 'x' }),
    ).toEqual(['TALLY_KAFKA_CA_FILE', 'TALLY_KAFKA_PASSWORD']);
  });
});
