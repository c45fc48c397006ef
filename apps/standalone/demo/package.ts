/** The demonstration's election package: the four contests of 2021 in Lạc Dương, with fictitious candidates. */
import { type Zippable, zipSync } from 'fflate';
import { templateFiles } from '#definition';
import { COMMUNES, DISTRICT, demoStations, PROVINCE } from './area.ts';
import { Chance } from './random.ts';

export const DEMO_ID = 'lac-duong-2021-rehearsal';

export interface DemoContest {
  readonly id: string;
  readonly name: string;
  readonly english: string;
  readonly body: 'na' | 'province' | 'district' | 'commune';
  readonly area: readonly string[];
  readonly seats: number;
  readonly candidates: number;
}

const NORTH = ['24846', '24850', '24862'];
const SOUTH = ['24847', '24848', '24865'];

export const CONTESTS: readonly DemoContest[] = [
  {
    id: 'na-1',
    name: 'Đại biểu Quốc hội – Đơn vị số 1',
    english: 'National Assembly – unit 1',
    body: 'na',
    area: [DISTRICT.code],
    seats: 3,
    candidates: 5,
  },
  {
    id: 'tinh-7',
    name: 'HĐND tỉnh Lâm Đồng – Đơn vị số 7',
    english: 'Council of Lâm Đồng province – unit 7',
    body: 'province',
    area: [DISTRICT.code],
    seats: 2,
    candidates: 3,
  },
  {
    id: 'huyen-1',
    name: 'HĐND huyện Lạc Dương – Đơn vị số 1',
    english: 'Council of Lạc Dương district – unit 1',
    body: 'district',
    area: NORTH,
    seats: 4,
    candidates: 7,
  },
  {
    id: 'huyen-2',
    name: 'HĐND huyện Lạc Dương – Đơn vị số 2',
    english: 'Council of Lạc Dương district – unit 2',
    body: 'district',
    area: SOUTH,
    seats: 4,
    candidates: 7,
  },
  ...COMMUNES.map(
    (commune): DemoContest => ({
      id: `xa-${commune.code}`,
      name: `HĐND ${commune.name}`,
      english: `Council of ${commune.english}`,
      body: 'commune',
      area: [commune.code],
      seats: 3,
      candidates: 5,
    }),
  ),
];

const FAMILY = [
  'Nguyễn',
  'Trần',
  'Lê',
  'Phạm',
  'Kon Sơ',
  'Cil',
  'Liêng Jrang',
  'Kră Jăn',
  'Dà Gout',
  'Lơ Mu',
  'Bon Niêng',
  'Võ',
];
const MIDDLE = ['Văn', 'Thị', 'Minh', 'Ngọc', 'Đức', 'Thanh', 'Ha', 'K’'];
const GIVEN = [
  'An',
  'Bình',
  'Châu',
  'Dũng',
  'Hạnh',
  'Khánh',
  'Lan',
  'Mai',
  'Nam',
  'Phúc',
  'Quân',
  'Sơn',
  'Thảo',
  'Uyên',
  'Vinh',
  'Yến',
];

function candidateRows(): string[][] {
  const chance = new Chance(2021);
  const used = new Set<string>();
  return CONTESTS.flatMap((contest) =>
    Array.from({ length: contest.candidates }, (_, i) => {
      let name = '';
      do name = `${chance.pick(FAMILY)} ${chance.pick(MIDDLE)} ${chance.pick(GIVEN)}`;
      while (used.has(name));
      used.add(name);
      const born = `19${chance.between(60, 95)}-0${chance.between(1, 9)}-${chance.between(10, 28)}`;
      return [contest.id, String(i + 1), `${name} (giả định)`, `${name} (fictitious)`, born];
    }),
  );
}

/** The package as a zip, as it would be sent by anyone. */
export function demoPackage(): Uint8Array {
  const base = JSON.parse(textOf(templateFiles('vietnam-2021'), 'election.json')) as Record<string, unknown>;
  const election = {
    ...base,
    id: DEMO_ID,
    name: {
      vi: 'Diễn tập bầu cử 2021 – huyện Lạc Dương (số liệu giả định)',
      en: 'Rehearsal of the 2021 elections – Lạc Dương district (fictitious figures)',
    },
    publish: { progress: 'always', turnout: 'always', results: 'always', log: 'always', lowestLevel: 'station' },
    shards: 2,
  };
  const units = [
    ['code', 'level', 'name', 'name_en', 'parent', 'registered'],
    [PROVINCE.code, 'province', PROVINCE.name, PROVINCE.english, '', ''],
    [DISTRICT.code, 'district', DISTRICT.name, DISTRICT.english, PROVINCE.code, ''],
    ...COMMUNES.map(({ code, name, english }) => [code, 'commune', name, english, DISTRICT.code, '']),
    ...demoStations().map(({ code, commune, number, registered }) => [
      code,
      'station',
      `Khu vực bỏ phiếu số ${number} (giả định)`,
      `Polling area ${number} (made up)`,
      commune,
      String(registered),
    ]),
  ];
  const contests = [
    ['id', 'name', 'name_en', 'area', 'form', 'body', 'seats', 'decision'],
    ...CONTESTS.map(({ id, name, english, area, body, seats }) => [
      id,
      name,
      english,
      area.join(' '),
      'count',
      body,
      String(seats),
      'majority-of-valid-ballots',
    ]),
  ];
  const candidates = [['contest', 'number', 'name', 'name_en', 'birth_date'], ...candidateRows()];
  const files = {
    'election.json': JSON.stringify(election),
    'units.csv': csv(units),
    'contests.csv': csv(contests),
    'candidates.csv': csv(candidates),
  };
  const entries: Zippable = {};
  for (const [name, text] of Object.entries(files))
    entries[name] = [new TextEncoder().encode(text), { mtime: '2021-05-23T00:00:00Z' }];
  return zipSync(entries);
}

function textOf(files: ReadonlyMap<string, string> | Readonly<Record<string, string>>, name: string): string {
  const text = files instanceof Map ? files.get(name) : (files as Readonly<Record<string, string>>)[name];
  if (text === undefined) throw new Error(`the template has no ${name}`);
  return text;
}

/** None of the demonstration's cells needs quoting. */
function csv(rows: readonly (readonly string[])[]): string {
  return `${rows.map((row) => row.join(',')).join('\n')}\n`;
}
