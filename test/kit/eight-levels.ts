/**
 * The package of an election of eight levels: branches that skip levels, contests over scattered communes, stations
 * that vote in some contests only, optional and repeated fields.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const LEVELS = ['nation', 'region', 'province', 'district', 'town', 'ward', 'zone', 'station'];
/** How many units each level has below one of the level above it. */
const BELOW = [2, 2, 2, 1, 2, 1, 2];

type Row = readonly [code: string, level: string, parent: string, registered?: number];

function unitRows(): Row[] {
  const rows: Row[] = [['N', 'nation', '']];
  let above = ['N'];
  for (const [i, count] of BELOW.entries()) {
    const level = LEVELS[i + 1]!;
    above = above.flatMap((parent) =>
      Array.from({ length: count }, (_, n) => {
        const code = `${parent}${i === 0 ? '' : '.'}${n + 1}`;
        // A few stations do not say how many voters they expect.
        const registered = level === 'station' && rows.length % 9 !== 0 ? 100 + rows.length : undefined;
        rows.push([code, level, parent, registered]);
        return code;
      }),
    );
  }
  return [
    ...rows,
    // Branches that skip levels: ships below a province, an embassy below the nation, a ward without town and zones.
    ['ship-1', 'station', 'N1.1', 33],
    ['ship-2', 'station', 'N1.1', undefined],
    ['embassies', 'zone', 'N'],
    ['embassy-1', 'station', 'embassies', 12],
    ['embassy-2', 'station', 'embassies', 9],
    ['camp', 'ward', 'N2.1'],
    ['camp-1', 'station', 'camp', 400],
    ['camp-2', 'station', 'camp', 401],
    ['hospital', 'station', 'N', 77],
  ];
}

const FORMS = {
  count: {
    fields: [
      { id: 'C', role: 'registered', name: { en: 'Listed' } },
      { id: 'V', role: 'voted', name: { en: 'Voted' } },
      { id: 'H', role: 'valid', name: { en: 'Valid' } },
      { id: 'K', optional: true, name: { en: 'Invalid' } },
      { id: 'T', type: 'time', optional: true, name: { en: 'Counted at' } },
    ],
  },
  sorted: {
    fields: [
      { id: 'H', role: 'valid', name: { en: 'Valid' } },
      { id: 'n', repeat: 'seats', name: { en: 'With so many names' } },
      { id: 'm', repeat: 'seats', optional: true, name: { en: 'By post, with so many names' } },
    ],
  },
};

const CONTESTS = [
  'id,name,area,form,seats,body',
  'president,President,N,count,1,',
  'mp-1,First seat,N1.1.1 N2.2.2.1.1 ship-1 embassies,sorted,3,assembly',
  'mp-2,Second seat,N1.2 camp N2.1.1.1.2 ship-2,sorted,2,assembly',
  'council,Council,N1,count,2,councils',
  'school,School board,N,sorted,1,',
];

const CANDIDATES = [
  'contest,number,name',
  ...['1', '2', '10'].map((number) => `president,${number},P ${number}`),
  ...['1', '2', '3', '4'].flatMap((number) => [`mp-1,${number},A ${number}`, `mp-2,${number},B ${number}`]),
  ...['3.1', '3.12'].map((number) => `council,${number},C ${number}`),
  ...['yes', 'no'].map((number) => `school,${number},${number}`),
];

/** Writes the package into a folder; resolves with where it is. */
export async function writeEightLevels(folder: string): Promise<string> {
  const at = join(folder, 'package');
  const rows = unitRows();
  const stations = rows.filter(([, level]) => level === 'station').map(([code]) => code);
  const electorates = [
    // Some stations vote for the school board, with voters of its own; of a few the package does not say how many.
    ...stations.flatMap((code, i) => (i % 3 === 0 ? [`${code},school,${i % 2 ? '' : 10 + i}`] : [])),
    ...stations.flatMap((code, i) => (code.startsWith('N1') && i % 4 !== 1 ? [`${code},council,${200 + i}`] : [])),
  ];
  const election = {
    id: 'eight-levels',
    name: { en: 'Eight levels' },
    date: '2021-05-23',
    timezone: 'Asia/Ho_Chi_Minh',
    languages: ['en'],
    levels: LEVELS.map((id) => ({ id, name: { en: id } })),
    shards: 4,
    shardLevel: 'ward',
    forms: FORMS,
    entry: 'double',
  };
  const files = {
    'election.json': JSON.stringify(election),
    'units.csv': ['code,level,name,parent,registered', ...rows.map((row) => unitLine(row))].join('\n'),
    'contests.csv': CONTESTS.join('\n'),
    'candidates.csv': CANDIDATES.join('\n'),
    'electorates.csv': ['station,contest,registered', ...electorates].join('\n'),
  };
  await mkdir(at);
  for (const [name, text] of Object.entries(files)) await writeFile(join(at, name), `${text}\n`);
  return at;
}

function unitLine([code, level, parent, registered]: Row): string {
  return `${code},${level},Unit ${code},${parent},${registered ?? ''}`;
}
