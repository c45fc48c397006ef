#!/usr/bin/env node
/**
 * Makes an election package and its sheets from the published protocols of Georgia's presidential election of 2013.
 *
 *   node examples/georgia-2013/make.mjs DIR [--shards N]
 *
 * writes DIR/package (election.json, units.csv, contests.csv, candidates.csv, rules.json) and DIR/sheets.csv.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { shards: { type: 'string', default: '1' } },
});
const target = positionals[0];
if (!target) {
  console.error('usage: node examples/georgia-2013/make.mjs DIR [--shards N]');
  process.exit(2);
}

const source = (name) => readFile(new URL(`source/${name}`, import.meta.url), 'utf8');
const protocols = parse(await source('2013_official_pres.csv'), { columns: (names) => uniqueNames(names), bom: true });
const published = parse(await source('upload_2013_official_pres.csv'), { columns: true, bom: true });

/** The districts of each region, by their numbers. */
const REGIONS = [
  ['TB', 'Tbilisi', range(1, 10)],
  ['KA', 'Kakheti', range(11, 18)],
  ['KK', 'Kvemo Kartli', range(20, 26)],
  ['MM', 'Mtskheta-Mtianeti', [19, ...range(27, 29)]],
  ['SK', 'Shida Kartli', [30, 32, 33, 35]],
  ['SJ', 'Samtskhe-Javakheti', range(36, 41)],
  ['RL', 'Racha-Lechkhumi and Kvemo Svaneti', range(43, 46)],
  ['IM', 'Imereti', range(48, 59)],
  ['GU', 'Guria', range(60, 62)],
  ['SZ', 'Samegrelo-Zemo Svaneti', [47, ...range(63, 70)]],
  ['AJ', 'Adjara', range(79, 84)],
  ['AB', 'Countries', [87]],
];

/** Column of the protocol → field of the form. */
const FIELDS = [
  ['listed', 'possible voters', { role: 'registered', optional: true, name: 'Voters on the list' }],
  ['special', 'special voters', { name: 'Voters on the special list' }],
  ['by12', 'votes by 12', { name: 'Voters by 12:00' }],
  ['by17', 'votes by 17', { name: 'Voters by 17:00' }],
  ['signed', 'ballots signed for', { role: 'voted', name: 'Signatures (ballots signed for)' }],
  ['received', 'num ballots', { role: 'issued', name: 'Ballots received by the precinct' }],
  ['invalid', 'invalid votes', { role: 'invalid', name: 'Invalid ballots' }],
];

const RULES = [
  [
    'ballots.fewer-than-signed',
    'sum + f.invalid >= f.signed',
    ['invalid', 'signed'],
    'Fewer ballots in the box than signatures.',
  ],
  [
    'ballots.more-than-signed',
    'sum + f.invalid <= f.signed',
    ['invalid', 'signed'],
    'More ballots in the box than signatures.',
  ],
  [
    'voters.more-than-listed',
    'f.signed <= f.listed + f.special',
    ['signed', 'listed', 'special'],
    'More signatures than voters on both lists.',
  ],
  [
    'ballots.received-too-few',
    'f.received >= f.signed',
    ['received', 'signed'],
    'Fewer ballots received than signed for.',
  ],
];

const candidates = Object.keys(protocols[0]).flatMap((column) => {
  const match = /^(\d+) - (.+)$/.exec(column.trim());
  return match ? [{ column, number: match[1], name: match[2] }] : [];
});

function range(from, to) {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** The source repeats the names of its check columns. */
function uniqueNames(names) {
  return names.map((name, i) => (names.indexOf(name) === i ? name : `${name} (${i})`));
}

function csv(rows) {
  const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return `${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`;
}

const districtName = new Map(
  published
    .filter(({ shape, common_id }) => shape.endsWith('District') && common_id !== '999')
    .map((row) => [row.common_id, row.common_name]),
);
const stationCode = (row) => `${row['district id']}-${row.precinct}`;

const election = {
  id: 'georgia-2013',
  name: { en: 'Presidential election of Georgia, 2013' },
  date: '2013-10-27',
  timezone: 'Asia/Tbilisi',
  polls: { opens: '2013-10-27T08:00:00+04:00', closes: '2013-10-27T20:00:00+04:00' },
  publish: { log: 'closed' },
  languages: ['en'],
  levels: [
    { id: 'country', name: { en: 'Country' } },
    { id: 'region', name: { en: 'Region' } },
    { id: 'district', name: { en: 'District' } },
    { id: 'precinct', name: { en: 'Precinct' } },
  ],
  shards: Number(values.shards),
  shardLevel: 'district',
  forms: {
    protocol: {
      shareOf: 'f.signed - f.invalid',
      fields: FIELDS.map(([id, , { name, ...more }]) => ({ id, ...more, name: { en: name } })),
    },
  },
  rules: ['rules.json'],
};

const units = [
  ['code', 'level', 'name', 'parent', 'registered'],
  ['GE', 'country', 'Georgia', '', ''],
];
for (const [code, name, districts] of REGIONS) {
  units.push([code, 'region', name, 'GE', '']);
  for (const id of districts) units.push([`D${id}`, 'district', districtName.get(String(id)), code, '']);
}
for (const row of protocols)
  units.push([
    stationCode(row),
    'precinct',
    `Precinct ${row.precinct}`,
    `D${row['district id']}`,
    row['possible voters'],
  ]);

const rules = RULES.map(([id, expect, fields, message]) => ({
  id,
  form: 'protocol',
  severity: 'warning',
  expect,
  fields,
  message: { en: message },
}));

const sheets = [
  ['station', 'contest', ...FIELDS.map(([id]) => id), ...candidates.map(({ number }) => `votes.${number}`)],
  ...protocols.map((row) => [
    stationCode(row),
    'president',
    ...FIELDS.map(([, column]) => row[column]),
    ...candidates.map(({ column }) => row[column]),
  ]),
];

const folder = join(target, 'package');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'election.json'), `${JSON.stringify(election, null, 2)}\n`);
await writeFile(join(folder, 'rules.json'), `${JSON.stringify({ rules }, null, 2)}\n`);
await writeFile(join(folder, 'units.csv'), csv(units));
await writeFile(
  join(folder, 'contests.csv'),
  csv([
    ['id', 'name', 'area', 'form', 'decision'],
    ['president', 'President of Georgia', 'GE', 'protocol', 'none'],
  ]),
);
await writeFile(
  join(folder, 'candidates.csv'),
  csv([['contest', 'number', 'name'], ...candidates.map(({ number, name }) => ['president', number, name])]),
);
await writeFile(join(target, 'sheets.csv'), csv(sheets));
console.log(`${protocols.length} sheets, ${units.length - 1} units: ${target}/package, ${target}/sheets.csv`);
