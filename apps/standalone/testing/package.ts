/** A small election for specs: three levels, four stations in two communes, two contests. */
import { strToU8, zipSync } from 'fflate';

export interface PackageOptions {
  readonly id?: string;
  readonly publish?: Readonly<Record<string, string>>;
  readonly closes?: string;
  readonly entry?: 'single' | 'double';
  readonly shards?: number;
  readonly rehearsal?: boolean;
}

/** Units: `r` > `c-1` (`s-1`, `s-2`), `c-2` (`s-3`, `s-4`). Contests: `mayor` everywhere, `board` in `c-1`. */
export function packageFiles(options: PackageOptions = {}): Record<string, string> {
  const id = options.id ?? 'town-rehearsal';
  const election = {
    id,
    name: { en: 'Town' },
    date: '2021-05-23',
    timezone: 'UTC',
    rehearsal: options.rehearsal ?? id.endsWith('-rehearsal'),
    polls: { closes: options.closes ?? '2021-05-23T19:00:00Z' },
    publish: { progress: 'always', results: 'always', log: 'always', lowestLevel: 'station', ...options.publish },
    languages: ['en'],
    levels: [
      { id: 'town', name: { en: 'Town' } },
      { id: 'commune', name: { en: 'Commune' } },
      { id: 'station', name: { en: 'Station' } },
    ],
    shards: options.shards ?? 2,
    entry: options.entry ?? 'single',
    forms: {
      count: {
        fields: [
          { id: 'V', role: 'voted', name: { en: 'Voted' } },
          { id: 'H', role: 'valid', name: { en: 'Valid' } },
          { id: 'X', optional: true, name: { en: 'Spoiled' } },
        ],
      },
    },
    rules: ['rules.json'],
  };
  const rules = {
    rules: [
      {
        id: 'too-many-valid',
        form: 'count',
        severity: 'error',
        expect: 'f.H <= f.V',
        fields: ['H', 'V'],
        message: { en: 'More valid than voted.' },
      },
      {
        id: 'few',
        form: 'count',
        severity: 'warning',
        expect: 'f.V >= 2',
        fields: ['V'],
        message: { en: 'Few voted.' },
      },
    ],
  };
  return {
    'election.json': JSON.stringify(election),
    'rules.json': JSON.stringify(rules),
    'units.csv': [
      'code,level,name,parent,registered',
      'r,town,Town,,',
      'c-1,commune,East,r,',
      'c-2,commune,West,r,',
      's-1,station,One,c-1,1000',
      's-2,station,Two,c-1,1000',
      's-3,station,Three,c-2,1000',
      's-4,station,Four,c-2,1000',
      '',
    ].join('\n'),
    'contests.csv': 'id,name,area,form,seats,body\nmayor,Mayor,r,count,1,town\nboard,Board,c-1,count,2,boards\n',
    'candidates.csv': 'contest,number,name\nmayor,1,Ann\nmayor,2,Bob\nboard,1,Cy\nboard,2,Di\nboard,3,Ed\n',
  };
}

export function packageZip(options: PackageOptions = {}): Uint8Array {
  const files = packageFiles(options);
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}
