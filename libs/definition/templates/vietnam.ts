/**
 * Rehearsals of a Vietnamese election, in a province that does not exist: 2021 with districts, 2026 without.
 */
import { csvFile, jsonFile, type Template } from './template.ts';
import { vietnamReadme } from './vietnam-readme.ts';

interface Year {
  readonly year: 2021 | 2026;
  readonly date: string;
  /** Numbers of the forms of the count record, National Assembly and councils. */
  readonly forms: string;
  readonly hasDistricts: boolean;
}

interface Commune {
  readonly code: string;
  readonly name: string;
  readonly english: string;
  /** Voters of each polling area. */
  readonly voters: readonly number[];
}

const PROVINCE = '09';
const DISTRICT = '091';
const COMMUNES: readonly Commune[] = [
  { code: '09101', name: 'Xã Suối Mơ', english: 'Suối Mơ commune', voters: [1453, 1210] },
  { code: '09104', name: 'Xã Đồi Chè', english: 'Đồi Chè commune', voters: [987, 1102, 864] },
  { code: '09107', name: 'Xã Bến Đá', english: 'Bến Đá commune', voters: [1320, 1045] },
];
/** A polling area of the armed forces: it votes for the National Assembly and the province council only. */
const ARMED_FORCES = { commune: '09101', code: '09101-03', voters: 412 };

const FIELDS = [
  { id: 'C', role: 'registered', name: { vi: 'Tổng số cử tri', en: 'Voters on the list' } },
  { id: 'V', role: 'voted', name: { vi: 'Số cử tri đã tham gia bỏ phiếu', en: 'Voters who took part' } },
  { id: 'RCV', optional: true, name: { vi: 'Số phiếu đã nhận về', en: 'Ballots received by the team' } },
  { id: 'P', role: 'issued', name: { vi: 'Số phiếu phát ra', en: 'Ballots issued' } },
  {
    id: 'X',
    role: 'spoiled',
    optional: true,
    name: { vi: 'Số phiếu đổi do gạch hỏng', en: 'Ballots spoiled and exchanged' },
  },
  { id: 'U', role: 'unused', optional: true, name: { vi: 'Số phiếu còn lại không sử dụng', en: 'Ballots unused' } },
  { id: 'R', role: 'collected', name: { vi: 'Số phiếu thu vào', en: 'Ballots collected' } },
  { id: 'H', role: 'valid', name: { vi: 'Số phiếu hợp lệ', en: 'Valid ballots' } },
  { id: 'K', role: 'invalid', name: { vi: 'Số phiếu không hợp lệ', en: 'Invalid ballots' } },
  {
    id: 'n',
    repeat: 'seats',
    optional: true,
    name: { vi: 'Số phiếu hợp lệ bầu k người', en: 'Valid ballots that name k candidates' },
  },
];

const LEVELS = {
  province: { id: 'province', name: { vi: 'Tỉnh', en: 'Province' } },
  district: { id: 'district', name: { vi: 'Huyện', en: 'District' } },
  commune: { id: 'commune', name: { vi: 'Xã', en: 'Commune' } },
  station: { id: 'station', name: { vi: 'Khu vực bỏ phiếu', en: 'Polling area' } },
};

function election({ year, date, hasDistricts }: Year) {
  const { province, district, commune, station } = LEVELS;
  return {
    id: `vi-du-${year}-rehearsal`,
    name: { vi: `Diễn tập bầu cử ${year} – Tỉnh Ví Dụ`, en: `Rehearsal of the ${year} elections – Ví Dụ province` },
    date,
    timezone: 'Asia/Ho_Chi_Minh',
    rehearsal: true,
    polls: { opens: `${date}T07:00:00+07:00`, closes: `${date}T19:00:00+07:00` },
    publish: { progress: 'always', turnout: 'always', results: 'closed', log: 'certified', lowestLevel: 'station' },
    languages: ['vi', 'en'],
    levels: hasDistricts ? [province, district, commune, station] : [province, commune, station],
    shards: 2,
    shardLevel: 'commune',
    forms: { count: { shareOf: 'f.H', fields: FIELDS } },
    rules: [`pack:vietnam-${year}`],
    entry: 'single',
    holdOn: 'error',
    leaderThreshold: 0.5,
  };
}

function unitRows({ hasDistricts }: Year): (string | number)[][] {
  const rows: (string | number)[][] = [[PROVINCE, 'province', 'Tỉnh Ví Dụ', '', 'Ví Dụ province', '']];
  if (hasDistricts) rows.push([DISTRICT, 'district', 'Huyện Ví Dụ', PROVINCE, 'Ví Dụ district', '']);
  for (const { code, name, english } of COMMUNES)
    rows.push([code, 'commune', name, hasDistricts ? DISTRICT : PROVINCE, english, '']);
  for (const { code, voters } of COMMUNES) {
    voters.forEach((registered, i) => {
      rows.push([
        stationCode(code, i),
        'station',
        `Khu vực bỏ phiếu số ${i + 1}`,
        code,
        `Polling area ${i + 1}`,
        registered,
      ]);
    });
    if (code === ARMED_FORCES.commune)
      rows.push([
        ARMED_FORCES.code,
        'station',
        'Khu vực bỏ phiếu Đại đội Ví Dụ',
        code,
        'Polling area of the Ví Dụ company',
        ARMED_FORCES.voters,
      ]);
  }
  return rows;
}

function stationCode(commune: string, index: number): string {
  return `${commune}-0${index + 1}`;
}

interface ContestOfTemplate {
  readonly id: string;
  readonly name: string;
  readonly english: string;
  readonly area: string;
  readonly body: string;
  readonly seats: number;
}

function contests({ hasDistricts }: Year): ContestOfTemplate[] {
  const communes = COMMUNES.map(({ code, name, english }) => ({
    id: `xa-${code}`,
    name: `Hội đồng nhân dân ${name}`,
    english: `Council of ${english}`,
    area: code,
    body: 'commune',
    seats: 3,
  }));
  const district = {
    id: 'huyen-1',
    name: 'Hội đồng nhân dân Huyện Ví Dụ – Đơn vị số 1',
    english: 'Council of Ví Dụ district – unit 1',
    area: DISTRICT,
    body: 'district',
    seats: 3,
  };
  return [
    {
      id: 'na-1',
      name: 'Đại biểu Quốc hội – Đơn vị số 1',
      english: 'National Assembly – unit 1',
      area: PROVINCE,
      body: 'na',
      seats: 3,
    },
    {
      id: 'tinh-1',
      name: 'Hội đồng nhân dân Tỉnh Ví Dụ – Đơn vị số 1',
      english: 'Council of Ví Dụ province – unit 1',
      area: COMMUNES.map(({ code }) => code).join(' '),
      body: 'province',
      seats: 4,
    },
    ...(hasDistricts ? [district] : []),
    ...communes,
  ];
}

const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Võ', 'Đặng'];
const MIDDLE = ['Văn', 'Thị', 'Đức', 'Minh', 'Ngọc'];
const GIVEN = ['Mẫu', 'Ví', 'Dụ', 'Giả', 'Thử', 'Tập', 'Diễn'];

/** Names of nobody: given names say "sample", "example", "test", "exercise". One candidate for two seats stands extra. */
function candidateRows(all: readonly ContestOfTemplate[]): (string | number)[][] {
  return all.flatMap(({ id, seats }, c) =>
    Array.from({ length: seats + 2 }, (_, i) => {
      const k = c * 5 + i;
      const isWoman = MIDDLE[k % MIDDLE.length] === 'Thị';
      const name = `${FAMILY[k % FAMILY.length]} ${MIDDLE[k % MIDDLE.length]} ${GIVEN[(k * 3) % GIVEN.length]}`;
      return [id, i + 1, name, `19${60 + ((k * 7) % 39)}-0${1 + (k % 9)}-1${k % 10}`, isWoman ? 'Nữ' : 'Nam'];
    }),
  );
}

/** The district and commune councils are not voted on in the polling area of the armed forces. */
function electorateRows(all: readonly ContestOfTemplate[]): (string | number)[][] {
  return all
    .filter(({ body, area }) => body === 'district' || area === ARMED_FORCES.commune)
    .flatMap(({ id, body }) => {
      const communes = body === 'district' ? COMMUNES : COMMUNES.filter(({ code }) => code === ARMED_FORCES.commune);
      return communes.flatMap(({ code, voters }) =>
        voters.map((registered, i) => [stationCode(code, i), id, registered - 6]),
      );
    });
}

function vietnam(year: Year): Template {
  const all = contests(year);
  const rows = all.map(({ id, name, english, area, body, seats }) => [
    id,
    name,
    area,
    'count',
    english,
    body,
    seats,
    'majority-of-valid-ballots',
  ]);
  return {
    'README.md': vietnamReadme(year),
    'election.json': jsonFile(election(year)),
    'units.csv': csvFile('code,level,name,parent,name_en,registered', unitRows(year)),
    'contests.csv': csvFile('id,name,area,form,name_en,body,seats,decision', rows),
    'candidates.csv': csvFile('contest,number,name,birth_date,gender', candidateRows(all)),
    'electorates.csv': csvFile('station,contest,registered', electorateRows(all)),
  };
}

export const vietnam2021 = vietnam({ year: 2021, date: '2021-05-23', forms: '20, 25', hasDistricts: true });
export const vietnam2026 = vietnam({ year: 2026, date: '2026-03-15', forms: '18, 23', hasDistricts: false });
