/** Elections for specs, as definitions: what `readPackage` would make of a package. */
import { createHash } from 'node:crypto';
import { buildElection, type ContestRow, canonicalBytes, type Definition, type Election, type UnitRow } from '#domain';

type Sketch = Partial<Definition> & Pick<Definition, 'levels' | 'units' | 'contests' | 'candidates' | 'forms'>;

export function definitionOf(sketch: Sketch): Definition {
  return {
    format: 1,
    id: 'spec-rehearsal',
    name: { en: 'Spec' },
    date: '2021-05-23',
    timezone: 'Asia/Ho_Chi_Minh',
    rehearsal: true,
    polls: { closes: '2021-05-23T19:00:00+07:00' },
    publish: {
      progress: 'always',
      turnout: 'always',
      results: 'closed',
      log: 'certified',
      incidents: 'never',
      evidence: 'never',
      lowestLevel: sketch.levels.at(-1)!.id,
    },
    languages: ['en'],
    shards: 1,
    shardLevel: sketch.levels.at(-2)!.id,
    entry: 'single',
    holdOn: 'error',
    leaderThreshold: 0.5,
    electorates: [],
    rules: [],
    packs: [],
    ...sketch,
  };
}

export function electionOf(definition: Definition): Election {
  return buildElection(definition, createHash('sha256').update(canonicalBytes(definition)).digest('hex'));
}

export function unit(code: string, level: string, parent: string | null, registered?: number): UnitRow {
  return { code, level, name: `Unit ${code}`, parent, ...(registered !== undefined && { registered }) };
}

export function contest(id: string, area: string, more: Partial<ContestRow> = {}): ContestRow {
  return {
    id,
    name: `Contest ${id}`,
    area: area.split(' '),
    form: 'count',
    seats: 1,
    decision: 'none',
    kind: 'first',
    ...more,
  };
}

export function ballot(contest: string, numbers: string): Definition['candidates'] {
  return numbers.split(' ').map((number) => ({ contest, number, name: `Candidate ${number}` }));
}

/** Two communes with three stations each; the contests `all` everywhere and `east` in the first commune. */
export function town(more: Partial<Definition> = {}): Definition {
  return definitionOf({
    levels: ['province', 'commune', 'station'].map((id) => ({ id, name: { en: id } })),
    units: [
      unit('P', 'province', null),
      ...['A', 'B'].flatMap((commune) => [
        unit(commune, 'commune', 'P'),
        ...[1, 2, 3].map((n) => unit(`${commune}-${n}`, 'station', commune, n === 3 ? undefined : 100 * n)),
      ]),
    ],
    forms: {
      count: {
        fields: [
          { id: 'H', role: 'valid', name: { en: 'Valid' } },
          { id: 'X', optional: true, name: { en: 'Spoiled' } },
          { id: 'T', type: 'time', optional: true, name: { en: 'Counted at' } },
        ],
      },
    },
    contests: [contest('all', 'P'), contest('east', 'A', { seats: 2 })],
    candidates: [...ballot('all', '1 2'), ...ballot('east', '1 2 3')],
    ...more,
  });
}

/** Eight communes with three stations each, and three contests, one of them over scattered communes. */
export function province(more: Partial<Definition> = {}): Definition {
  const communes = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8'];
  return town({
    units: [
      unit('P', 'province', null),
      ...communes.flatMap((commune) => [
        unit(commune, 'commune', 'P'),
        ...[1, 2, 3].map((n) => unit(`${commune}-${n}`, 'station', commune, 50 * n)),
      ]),
    ],
    contests: [contest('all', 'P'), contest('east', 'K1 K4 K7', { seats: 2 }), contest('few', 'K2', { seats: 1 })],
    candidates: [...ballot('all', '1 2'), ...ballot('east', '1 2 3'), ...ballot('few', 'yes no')],
    ...more,
  });
}
