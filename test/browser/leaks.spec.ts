/**
 * Nothing that is not public yet reaches anybody without an account: every route of the API that the public may ask
 * (found in the OpenAPI document), and every page, at each state of `publish`.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PackageOptions, packageZip } from '../../apps/standalone/testing/package.ts';
import { links } from '../../apps/web/route.ts';
import { UI_LANGUAGES, type UiLanguage } from '../../apps/web/text/languages.ts';
import { TallyServer } from '../services/tally-server.ts';

/** Figures that no time, code or digest can be mistaken for: each stands in one place only. */
const STANDING = { votes: { 1: 40_507_011, 2: 20_303_013 }, fields: { V: 80_909_017, H: 60_810_024 } };
const HELD = { votes: { 1: 11_212_019, 2: 13_313_023 }, fields: { V: 30_101_029, H: 70_707_031 } };
/** Sent too late, and refused: its figures belong to the log alone. */
const REJECTED = { votes: { 1: 15_515_037, 2: 17_717_041 }, fields: { V: 90_303_043, H: 33_232_078 } };
const NEVER_A_NAME = 'Secret Account Name';

const PAST = '2021-05-23T19:00:00Z';
const FUTURE = '2099-05-23T19:00:00Z';

interface State {
  readonly name: string;
  readonly options: PackageOptions;
  readonly sees: { readonly standing: boolean; readonly log: boolean };
}

const none = { standing: false, log: false };
const STATES: readonly State[] = [
  { name: 'before the close', options: { closes: FUTURE, publish: { results: 'closed', log: 'closed' } }, sees: none },
  { name: 'always, before the close', options: { closes: FUTURE, publish: {} }, sees: none },
  { name: 'never', options: { closes: PAST, publish: { results: 'never', log: 'never' } }, sees: none },
  { name: 'a time to come', options: { closes: PAST, publish: { results: FUTURE, log: FUTURE } }, sees: none },
  { name: 'not certified', options: { closes: PAST, publish: { results: 'certified', log: 'certified' } }, sees: none },
  {
    name: 'results without the log',
    options: { closes: PAST, publish: { results: 'closed', log: 'never' } },
    sees: { standing: true, log: false },
  },
  {
    name: 'results down to the communes',
    options: { closes: PAST, publish: { results: 'closed', log: 'never', lowestLevel: 'commune' } },
    sees: { standing: true, log: false },
  },
  {
    name: 'everything',
    options: { closes: PAST, publish: { results: 'closed', log: 'closed' } },
    sees: { standing: true, log: true },
  },
];

let server: TallyServer;
let folder: string;
let paths: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-leaks-'));
  server = await TallyServer.start({ data: join(folder, 'data') });
  const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { security?: unknown[] }>>;
  };
  paths = Object.entries(document.paths).flatMap(([path, methods]) => (methods.get ? [path] : []));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function send(
  path: string,
  body: unknown,
  token = server.token!,
  type = 'application/json',
): Promise<Record<string, unknown>> {
  const answer = await fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body: (type === 'application/json' ? JSON.stringify(body) : body) as string,
  });
  return (await answer.json()) as Record<string, unknown>;
}

/** What an election has that is named in addresses. */
interface Opened {
  readonly election: string;
  /** The newest position, and one right before the first sheet. */
  readonly positions: readonly string[];
  readonly receipts: readonly string[];
}

/** One sheet that counts, one that is held, one that was refused. */
async function open(election: string, options: PackageOptions): Promise<Opened> {
  await send('/api/v1/elections', packageZip({ id: election, ...options }), undefined, 'application/zip');
  const base = `/api/v1/elections/${election}`;
  const { token } = await send(`${base}/tokens`, { role: 'clerk', unit: 'r', name: NEVER_A_NAME });
  const sheet = (station: string, figures: typeof STANDING) =>
    send(
      `${base}/sheets`,
      { id: randomUUID(), station, contest: 'mayor', expectedRevision: 0, ...figures },
      String(token),
    );
  expect(await sheet('s-1', STANDING)).toMatchObject({ status: 'accepted' });
  expect(await sheet('s-2', HELD)).toMatchObject({ status: 'held' });
  expect(await sheet('s-1', REJECTED)).toHaveProperty('code');
  const seen = async (path: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(server.url + base + path, { headers: { authorization: `Bearer ${server.token}` } });
    return (await answer.json()) as Record<string, unknown>;
  };
  const histories = await Promise.all(['s-1', 's-2'].map((station) => seen(`/sheets/${station}/mayor/history`)));
  const attempts = histories.flatMap((history) => history.attempts as { receipt: string }[]);
  expect(attempts).toHaveLength(3);
  const { position } = await seen('');
  return { election, positions: [String(position), '0:1,1:1'], receipts: attempts.map(({ receipt }) => receipt) };
}

/** Every way of filling a route's parameters from what the election has. */
function addressesOf(path: string, { election, positions, receipts }: Opened): string[] {
  const values: Record<string, readonly string[]> = {
    election: [election],
    unit: ['r', 'c-1', 's-1', 's-2'],
    station: ['s-1', 's-2'],
    contest: ['mayor'],
    number: ['1'],
    account: ['nobody'],
    receipt: receipts,
    event: ['0:0', '0:1', '0:2', '0:3', '1:0', '1:1', '1:2', '1:3'],
  };
  let made = [path];
  for (const [name, known] of Object.entries(values))
    made = made.flatMap((one) =>
      one.includes(`{${name}}`) ? known.map((value) => one.replaceAll(`{${name}}`, value)) : [one],
    );
  return made.flatMap((one) =>
    [
      '',
      '?contest=mayor',
      '?track=all',
      '?contest=mayor&track=verified',
      '?contest=mayor&track=all',
      '?depth=all',
      '?body=town',
      ...['votes.1', 'field.H'].flatMap((key) => ['', '&track=all'].map((more) => `?contest=mayor&key=${key}${more}`)),
      ...positions.flatMap((at) => [`?at=${at}`, `?contest=mayor&at=${at}`, `?contest=mayor&key=votes.2&at=${at}`]),
    ].map((query) => one + query),
  );
}

/** Every page that `links` leads to; one that is added there is asked for too. */
function pagesOf(opened: Opened): string[] {
  const { election } = opened;
  const all = (language: UiLanguage): string[] =>
    Object.values(links).flatMap((link) => {
      const make = link as (...given: (string | undefined)[]) => string;
      return [
        make(language, election, 'r'),
        make(language, election, 'c-1', 'mayor', 'all'),
        make(language, election, 's-1', 'mayor'),
        make(language, election, 's-2', 'mayor'),
      ];
    });
  return [...new Set([...UI_LANGUAGES.flatMap(all), ...auditOf('en', opened)])];
}

/** Pages of the audit by what only they take: figures, positions, receipts. */
function auditOf(language: UiLanguage, { election, positions, receipts }: Opened): string[] {
  const units = ['r', 'c-1', 's-1', 's-2'];
  const tracks = ['provisional', 'verified', 'all'] as const;
  const places = units.flatMap((unit) => tracks.map((track) => [unit, 'mayor', track] as const));
  return [
    ...places.flatMap((place) => [
      ...[undefined, ...positions].flatMap((at) =>
        ['votes.1', 'field.V'].map((key) =>
          links.lineage(language, election, ...place, { key, at, isWhole: key === 'field.V' }),
        ),
      ),
      ...positions.flatMap((at) => [
        links.unit(language, election, ...place, at),
        links.compare(language, election, ...place, { from: positions[1], to: at }),
      ]),
    ]),
    ...receipts.map((id) => links.receipt(language, election, id)),
  ];
}

async function ask(address: string): Promise<string> {
  const answer = await fetch(server.url + address, { headers: { accept: 'text/html, */*' } });
  return `${address} ${answer.status} ${await answer.text()}`;
}

const AT_ONCE = 16;

/** In the order of the addresses. */
async function askAll(addresses: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  let next = 0;
  const askOn = async (): Promise<void> => {
    for (let place = next++; place < addresses.length; place = next++) answers[place] = await ask(addresses[place]!);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOn));
  return answers;
}

/** What an answer gives away: figures are looked for as digits, however they are grouped. */
function leaks(text: string, figures: readonly number[]): boolean {
  const plain = text.replace(/(?<=\d)[.,\u00a0](?=\d{3})/g, '');
  return figures.some((figure) => plain.includes(String(figure)));
}

const figuresOf = ({ votes, fields }: typeof STANDING): number[] => [...Object.values(votes), ...Object.values(fields)];

describe.each(STATES.map((state, i) => ({ ...state, election: `town-${i}` })))(
  '$name',
  ({ election, options, sees }) => {
    it('gives away nothing in any route or page that is not public yet, and shows what is', async () => {
      const opened = await open(election, options);
      const addresses = [...paths.flatMap((path) => addressesOf(path, opened)), ...pagesOf(opened)];
      expect([addresses.length > 150, pagesOf(opened).length > 100]).toEqual([true, true]);
      const answers = await askAll(addresses);
      expect(answers.filter(Boolean)).toHaveLength(addresses.length);
      const giving = (figures: number[]): string[] =>
        answers.filter((text) => leaks(text, figures)).map((text) => text.slice(0, 120));
      if (!sees.log) expect(giving([...figuresOf(HELD), ...figuresOf(REJECTED)])).toEqual([]);
      if (!sees.standing) expect(giving(figuresOf(STANDING))).toEqual([]);
      expect(giving(figuresOf(STANDING)).length > 0).toBe(sees.standing);
      for (const hidden of [HELD, REJECTED]) expect(giving(figuresOf(hidden)).length > 0).toBe(sees.log);
      expect(answers.filter((text) => text.includes(NEVER_A_NAME))).toEqual([]);
    }, 120_000);
  },
);
