/**
 * A small election anywhere: a mayor, a council and a referendum in a country of two districts.
 */
import { csvFile, jsonFile, type Template } from './template.ts';

const election = {
  id: 'example-2030-rehearsal',
  name: { en: 'Example election 2030' },
  date: '2030-06-02',
  timezone: 'Europe/Lisbon',
  rehearsal: true,
  polls: { opens: '2030-06-02T08:00:00+01:00', closes: '2030-06-02T19:00:00+01:00' },
  publish: { results: 'closed', log: 'certified' },
  languages: ['en'],
  levels: [
    { id: 'country', name: 'Country' },
    { id: 'district', name: 'District' },
    { id: 'station', name: 'Polling station' },
  ],
  shards: 2,
  forms: {
    count: {
      fields: [
        { id: 'registered', role: 'registered', name: 'Voters on the roll' },
        { id: 'voted', role: 'voted', name: 'Voters who took part' },
        { id: 'issued', role: 'issued', optional: true, name: 'Ballots issued' },
        { id: 'collected', role: 'collected', name: 'Ballots in the box' },
        { id: 'valid', role: 'valid', name: 'Valid ballots' },
        { id: 'invalid', role: 'invalid', name: 'Invalid ballots' },
        { id: 'finished', type: 'time', optional: true, name: 'Count finished at' },
      ],
    },
  },
  rules: ['rules.json'],
  entry: 'single',
  holdOn: 'error',
};

const rule = (id: string, severity: string, expect: string, message: string, reviewer: string) => ({
  id,
  form: 'count',
  severity,
  expect,
  message: { en: message },
  advice: { clerk: { en: 'Check what you typed against the paper.' }, reviewer: { en: reviewer } },
});

const rules = {
  rules: [
    rule(
      'voted-over-registered',
      'error',
      'f.voted <= f.registered',
      'More voters took part than are on the roll.',
      'Ask whether voters were added on the day.',
    ),
    rule(
      'collected-over-voted',
      'error',
      'f.collected <= f.voted',
      'More ballots in the box than voters took part.',
      'Ask for a recount.',
    ),
    rule(
      'collected-over-issued',
      'error',
      'f.collected <= f.issued',
      'More ballots in the box than were issued.',
      'Ask for a recount of both.',
    ),
    rule(
      'valid-and-invalid',
      'error',
      'f.valid + f.invalid == f.collected',
      'Valid and invalid ballots do not make up the ballots in the box.',
      'One of the three figures is wrong on paper.',
    ),
    rule(
      'votes-over-valid',
      'error',
      'sum <= seats * f.valid && max <= f.valid',
      'More votes than the valid ballots can hold.',
      'Look at the tally of each candidate.',
    ),
    rule(
      'many-invalid',
      'warning',
      '20 * f.invalid <= f.collected',
      'More than 5 % of the ballots are invalid.',
      'Ask what made them invalid.',
    ),
    rule(
      'roll-differs',
      'info',
      'f.registered == registered',
      'The roll is not as long as the package says.',
      'Nothing to do if the roll was corrected.',
    ),
  ],
};

const units = [
  ['EX', 'country', 'Exampleland', '', ''],
  ['N', 'district', 'North', 'EX', ''],
  ['S', 'district', 'South', 'EX', ''],
  ['N-01', 'station', 'Town hall', 'N', 1204],
  ['N-02', 'station', 'School by the river', 'N', 986],
  ['N-03', 'station', 'Library', 'N', 1120],
  ['S-01', 'station', 'Market hall', 'S', 1433],
  ['S-02', 'station', 'Fire station', 'S', 871],
];

const contests = [
  ['president', 'President', 'EX', 'count', 'president', 1, 'plurality'],
  ['council-n', 'Council of the North', 'N', 'count', 'council', 2, 'plurality'],
  ['council-s', 'Council of the South', 'S', 'count', 'council', 2, 'plurality'],
  ['bridge', 'Referendum: a bridge over the river', 'EX', 'count', 'referendum', 1, 'none'],
];

const candidates = [
  ['president', 1, 'Ada Sample', 'Blue', '1969-04-12', '#1f6feb'],
  ['president', 2, 'Bo Specimen', 'Green', '1975-11-30', '#1a7f37'],
  ['president', 3, 'Cy Instance', '', '1981-01-05', ''],
  ['council-n', 1, 'Dee Placeholder', 'Blue', '1980-02-03', '#1f6feb'],
  ['council-n', 2, 'Eli Pattern', 'Green', '1958-07-19', '#1a7f37'],
  ['council-n', 3, 'Flo Model', '', '1990-09-09', ''],
  ['council-s', 1, 'Gus Template', 'Blue', '1972-12-24', '#1f6feb'],
  ['council-s', 2, 'Hana Draft', 'Green', '1985-05-01', '#1a7f37'],
  ['council-s', 3, 'Ivo Outline', '', '1964-03-17', ''],
  ['bridge', 'yes', 'Yes', '', '', ''],
  ['bridge', 'no', 'No', '', '', ''],
];

const readme = `# An election package

A whole election as a folder of text files. Change them, then say

    tally check .          every mistake with file, line and column
    tally open .           opens the election (this fixes the package)

- \`election.json\`: name, day, levels, the form's fields, when results are published. It is a rehearsal: for the real
  thing take out \`"rehearsal": true\` and give it an \`id\` that does not end in \`-rehearsal\`.
- \`units.csv\`: the tree of areas; the last level are the stations, with the voters expected there.
- \`contests.csv\`: what is voted on, and where (\`area\`). \`candidates.csv\`: who stands, or the options.
- \`rules.json\`: what must hold on every sheet; \`error\` holds a sheet until a reviewer decides.
- \`electorates.csv\` (not here): where only some stations of an area vote in a contest.
- \`map.json\` (not here): GeoJSON or TopoJSON whose features are units.

All names and numbers are made up. Codes are text: keep leading zeros. Counts are digits only, without separators.
`;

export const generic: Template = {
  'README.md': readme,
  'election.json': jsonFile(election),
  'rules.json': jsonFile(rules),
  'units.csv': csvFile('code,level,name,parent,registered', units),
  'contests.csv': csvFile('id,name,area,form,body,seats,decision', contests),
  'candidates.csv': csvFile('contest,number,name,party,birth_date,color', candidates),
};
