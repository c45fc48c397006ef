/** Other programs write to the log, and two people open different packages under one id. */
import { Kafka, logLevel } from 'kafkajs';
import { SHARDS } from '../arena.ts';
import type { Mend, Scenario, Strike } from '../round.ts';
import { townZip } from '../town.ts';

const AT_ONCE = [0, 0] as const;
/** So often an opening that is answered 503 is sent again. */
const OPENS = 20;
const ALARMED_WITHIN_MS = 30_000;

/** Puts records on the topic as any program can that has the address. */
async function put({ arena, election }: Strike, partition: number, values: readonly Buffer[]): Promise<void> {
  const kafka = new Kafka({ brokers: arena.cluster.kafka.addresses, logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  try {
    for (const value of values)
      await producer.send({ topic: `tally.${election}.log`, messages: [{ partition, key: 'foreign', value }] });
  } finally {
    await producer.disconnect();
  }
}

/** An event as this election's, but of a package that nobody opened. */
function ofOtherDefinition(election: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      data: { actor: { id: 'x', role: 'clerk', unit: 'r' }, findings: [], sheet: {} },
      datacontenttype: 'application/json',
      id: '00000000-0000-4000-8000-00000000beef',
      source: `/elections/${election}`,
      specversion: '1.0',
      subject: 's-1/mayor-1',
      tallydefinition: 'f'.repeat(64),
      time: '2021-05-23T20:00:00Z',
      type: 'tally.sheet.submitted.v1',
    }),
  );
}

async function foreignRecords({ arena, election }: Strike): Promise<number> {
  let sum = 0;
  for (const { url } of arena.cluster.projectors) {
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const line of text.split('\n'))
      if (line.startsWith(`tally_foreign_records_total{election="${election}"`)) sum += Number(line.split(' ').at(-1));
  }
  return sum;
}

export const log: readonly Scenario[] = [
  {
    name: 'another program puts poison on the topic',
    lasts: AT_ONCE,
    async damage(strike): Promise<Mend> {
      const { arena, election, random } = strike;
      const poison = [
        Buffer.alloc(0),
        Buffer.from([0xff, 0xfe, 0x00, 0x80]),
        Buffer.from('{"half":'),
        Buffer.from('null'),
        Buffer.alloc(66_000 + Math.floor(random() * 800_000), 0x7b),
        ofOtherDefinition(election),
      ];
      const known = await foreignRecords(strike);
      for (let partition = 0; partition < SHARDS; partition += 1) await put(strike, partition, poison);
      return async () => {
        const wanted = known + SHARDS * poison.length;
        const until = Date.now() + ALARMED_WITHIN_MS;
        while ((await foreignRecords(strike)) < wanted) {
          if (Date.now() > until)
            throw new Error(`${await foreignRecords(strike)} of ${wanted} were counted as foreign`);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        const said = arena.cluster.projectors.map(({ complaints }) => complaints).join('');
        if (!said.includes('a record that no api can have written')) throw new Error('no projector logged an alarm');
      };
    },
  },
  {
    name: 'two different packages are opened under one id at once',
    lasts: AT_ONCE,
    async damage({ arena, random }): Promise<Mend> {
      const id = `twice-${Math.floor(random() * 1e9)}-rehearsal`;
      const zips = ['18', '19', '18', '19'].map((hour) =>
        townZip(id, { shards: SHARDS, closes: `2021-05-23T${hour}:00:00Z` }),
      );
      const answers = await Promise.all(
        zips.map(async (zip, i) => {
          let response = await arena.open(i % 2, zip);
          // As it asks for: "send it again in a moment".
          for (let tries = 0; response.status === 503 && tries < OPENS; tries += 1)
            response = await arena.open(i % 2, zip);
          return { status: response.status, json: (await response.json()) as { definition?: string; code?: string } };
        }),
      );
      return async () => {
        const said = JSON.stringify(answers);
        const definitions = new Set(answers.map(({ json }) => json.definition));
        if (definitions.size !== 1 || definitions.has(undefined)) throw new Error(`more than one package: ${said}`);
        const refused = answers.filter(({ status }) => status === 409);
        if (refused.length !== 2) throw new Error(`two openings were to be refused: ${said}`);
      };
    },
  },
];
