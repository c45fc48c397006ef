/** A broker that lets in only those who show a certificate, prove who they are, and trust its own. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { KafkaCluster, kafkaClassPath } from '../../../test/services/kafka.ts';
import { kafkaEnvironment, openKafka } from './index.ts';

const run = promisify(execFile);
const PASSWORD = 'of the team';

let folder: string;
let kafka: KafkaCluster;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-secured-'));
  await makeCertificates();
  kafka = await KafkaCluster.start({ config: secured() });
  await addScramUser();
}, 120_000);
afterAll(async () => {
  await kafka?.stop();
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string): string => join(folder, name);

/** An authority, and what it signed for the broker and for a client; beside them an authority that nobody knows. */
async function makeCertificates(): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  for (const authority of ['ca', 'stranger'])
    await run('openssl', ['req', '-x509', ...key, '-subj', `/CN=${authority}`, ...pair(authority)]);
  for (const name of ['broker', 'client']) {
    const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-addext', 'subjectAltName=IP:127.0.0.1'];
    await run('openssl', ['req', '-x509', ...key, '-subj', `/CN=${name}`, ...signed, ...pair(name)]);
  }
  const both = await Promise.all(['broker.key', 'broker.pem'].map((name) => readFile(file(name), 'utf8')));
  await writeFile(file('broker.both'), both.join(''));
}

function pair(name: string): string[] {
  return ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
}

function secured(): Record<string, string> {
  const module = 'org.apache.kafka.common.security';
  const client = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': file('broker.both'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': file('ca.pem'),
    'ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'plain.sasl.jaas.config': `${module}.plain.PlainLoginModule required user_tally="${PASSWORD}";`,
    'scram-sha-256.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
    'scram-sha-512.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
  };
  return {
    'listener.security.protocol.map': 'CLIENT:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    ...Object.fromEntries(Object.entries(client).map(([name, value]) => [`listener.name.client.${name}`, value])),
  };
}

async function addScramUser(): Promise<void> {
  const user = ['--alter', '--entity-type', 'users', '--entity-name', 'tally', '--add-config'];
  const command = ['-cp', await kafkaClassPath(), 'kafka.admin.ConfigCommand'];
  const at = ['--bootstrap-server', kafka.brokers[0]!.internal];
  // One request may set one secret of a user.
  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'])
    await run('java', [...command, ...at, ...user, `${mechanism}=[password=${PASSWORD}]`]);
}

type Variables = Readonly<Record<string, string>>;

function variables(mechanism: string, others: Variables = {}): Variables {
  return {
    KAFKA_BROKERS: kafka.addresses.join(),
    KAFKA_TLS: 'true',
    KAFKA_CA_FILE: file('ca.pem'),
    KAFKA_CERT_FILE: file('client.pem'),
    KAFKA_KEY_FILE: file('client.key'),
    KAFKA_SASL: mechanism,
    KAFKA_USERNAME: 'tally',
    KAFKA_PASSWORD: PASSWORD,
    KAFKA_REPLICATION: '1',
    ...others,
  };
}

function open(environment: Variables) {
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  return openKafka({ ...kafkaEnvironment.parse(environment), namespace, deadlineMs: 5_000 });
}

it.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
  'keeps a log and shares work out over TLS, by %s',
  async (mechanism) => {
    const { logs, shares, close } = open(variables(mechanism));
    try {
      const log = await logs.create('demo', 1);
      const value = Buffer.from('{"a":1}');
      await log.append([{ shard: 0, key: 'k', value }]);
      expect(await log.read(0, 0, {})).toMatchObject([{ offset: 0, key: 'k', value }]);
      const held = new Promise<ReadonlySet<number>>(
        (resolve) => void shares.join(4, (slots) => slots.size > 0 && resolve(slots)),
      );
      expect([...(await held)]).toEqual([0, 1, 2, 3]);
    } finally {
      await close();
    }
  },
);

it.each([
  ['with another password', { KAFKA_PASSWORD: 'guessed' }, /authentication/i],
  ['whose authority is another one', { KAFKA_CA_FILE: 'stranger.pem' }, /certificate/i],
  [
    'that nobody vouches for',
    { KAFKA_CERT_FILE: 'stranger.pem', KAFKA_KEY_FILE: 'stranger.key' },
    /alert|certificate/i,
  ],
])('tells a process %s why it is not let in', async (_, wrong, why) => {
  const named = Object.entries(wrong).map(([name, value]) => [name, name.endsWith('FILE') ? file(value) : value]);
  const { logs, close } = open(variables('scram-sha-256', Object.fromEntries(named)));
  try {
    await expect(logs.elections()).rejects.toMatchObject({
      code: 'log-unavailable',
      message: expect.stringMatching(why),
    });
  } finally {
    await close();
  }
});
