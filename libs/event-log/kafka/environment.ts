/** The options by environment variables, each problem told with the variable's name. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { KafkaOptions, SaslOptions, TlsOptions } from './options.ts';

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const ADDRESS = /^[^\s:,]+:([1-9]\d{0,4})$/;

const count = (meaning: string) =>
  z
    .string()
    .regex(/^[1-9]\d?$/, `a whole number from 1 to 99 is expected: ${meaning}`)
    .transform(Number)
    .optional();

/** Variables of a process; all others are left alone. Put it beside others with `z.intersection` or `.and`. */
export const kafkaEnvironment = z
  .object({
    KAFKA_BROKERS: z.string({ error: 'brokers are expected, as in kafka-1:9092,kafka-2:9092' }),
    KAFKA_TLS: z.enum(['true', 'false'], { error: 'true or false is expected' }).optional(),
    KAFKA_CA_FILE: z.string().optional(),
    KAFKA_CERT_FILE: z.string().optional(),
    KAFKA_KEY_FILE: z.string().optional(),
    KAFKA_SASL: z.enum(MECHANISMS, { error: `one of ${MECHANISMS.join(', ')} is expected` }).optional(),
    KAFKA_USERNAME: z.string().min(1, 'a name is expected').optional(),
    KAFKA_PASSWORD: z.string().min(1, 'a password is expected').optional(),
    KAFKA_REPLICATION: count('on how many brokers each record is kept'),
    KAFKA_MIN_INSYNC: count('on how many brokers a record must be before it counts as stored'),
  })
  .transform((variables, context): KafkaOptions => {
    const problem = (name: keyof typeof variables, message: string): void => {
      context.addIssue({ code: 'custom', path: [name], message, input: variables[name] });
    };
    const brokers = variables.KAFKA_BROKERS.split(',').map((address) => address.trim());
    for (const address of brokers)
      if (!(Number(ADDRESS.exec(address)?.[1]) <= 65_535))
        problem('KAFKA_BROKERS', `"${address}" is no host:port, as in kafka-1:9092`);
    const { KAFKA_REPLICATION: replication, KAFKA_MIN_INSYNC: minInSync } = variables;
    if (minInSync !== undefined && minInSync > (replication ?? 3))
      problem('KAFKA_MIN_INSYNC', `more than KAFKA_REPLICATION (${replication ?? 3}): nothing could be stored`);
    return { brokers, replication, minInSync, tls: tlsOf(variables, problem), sasl: saslOf(variables, problem) };
  });

type Variables = Readonly<Record<`KAFKA_${'TLS' | 'CA_FILE' | 'CERT_FILE' | 'KEY_FILE'}`, string | undefined>>;
type Credentials = {
  readonly KAFKA_SASL?: SaslOptions['mechanism'];
  readonly KAFKA_USERNAME?: string;
  readonly KAFKA_PASSWORD?: string;
};

function tlsOf(
  variables: Partial<Variables>,
  problem: (name: keyof Variables, message: string) => void,
): TlsOptions | undefined {
  const files = ['KAFKA_CA_FILE', 'KAFKA_CERT_FILE', 'KAFKA_KEY_FILE'] as const;
  if (variables.KAFKA_TLS !== 'true') {
    for (const name of files) if (variables[name]) problem(name, 'is of no effect unless KAFKA_TLS is true');
    return undefined;
  }
  const [ca, cert, key] = files.map((name) => {
    const file = variables[name];
    if (file === undefined) return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      problem(name, `can not be read: ${(error as Error).message}`);
      return undefined;
    }
  });
  if (!variables.KAFKA_CERT_FILE !== !variables.KAFKA_KEY_FILE)
    problem('KAFKA_CERT_FILE', 'and KAFKA_KEY_FILE belong together');
  return { ca, cert, key };
}

function saslOf(
  { KAFKA_SASL: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password }: Credentials,
  problem: (name: keyof Credentials, message: string) => void,
): SaslOptions | undefined {
  const given = { KAFKA_USERNAME: username, KAFKA_PASSWORD: password };
  for (const [name, value] of Object.entries(given) as [keyof typeof given, string | undefined][]) {
    if (mechanism && value === undefined) problem(name, `is needed with KAFKA_SASL=${mechanism}`);
    if (!mechanism && value !== undefined) problem(name, 'is of no effect unless KAFKA_SASL is set');
  }
  return mechanism && username && password ? { mechanism, username, password } : undefined;
}
