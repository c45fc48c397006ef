/** `docs/reference/environment.md` against the schemas: every variable of every process, with its default, and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ZodType } from 'zod';
import { kafkaEnvironment } from '#event-log/kafka';
import { mongoEnvironment } from '#read-model/mongo';
import { apiEnvironment } from '../../apps/server/api-environment.ts';
import { clusterEnvironment } from '../../apps/server/cluster.ts';
import { publicEnvironment } from '../../apps/server/cluster-server.ts';
import { limitsEnvironment, processEnvironment } from '../../apps/server/environment.ts';
import { firstManagerEnvironment } from '../../apps/server/first-manager.ts';
import { witnessesEnvironment } from '../../apps/server/witnesses.ts';
import { standaloneEnvironment } from '../../apps/standalone/config.ts';
import { demoEnvironment } from '../../apps/standalone/demo/config.ts';
import { root } from '../services/checkout.ts';
import { type Variable, variablesOf } from './variables.ts';

const page = readFileSync(join(root, 'docs/reference/environment.md'), 'utf8');

/** Rows of a section's table, as the page has them. */
function rowsOf(heading: string): Variable[] {
  const section = page.split(/^## /m).find((one) => one.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, name, cell]) => ({
    name: name!,
    isNeeded: cell!.trim() === 'needed',
    byDefault: ['needed', '–'].includes(cell!.trim()) ? null : cell!.trim(),
  }));
}

const SECTIONS: readonly [string, ZodType, readonly ZodType[]][] = [
  ['Every process', processEnvironment, []],
  ['What serves the public', limitsEnvironment, []],
  ['Witnesses of the log', witnessesEnvironment, []],
  ['Kafka', kafkaEnvironment, []],
  ['MongoDB', mongoEnvironment, []],
  ['api', firstManagerEnvironment, []],
  ['standalone', standaloneEnvironment, [processEnvironment, limitsEnvironment, witnessesEnvironment]],
  ["The demonstration's player", demoEnvironment, []],
];

describe('the page of environment variables', () => {
  it.each(SECTIONS)('says of "%s" what the schema does', (heading, schema, others) => {
    const elsewhere = others.flatMap((other) => variablesOf(other).map(({ name }) => name));
    const variables = variablesOf(schema).filter(({ name }) => !elsewhere.includes(name));
    expect(variables.length).toBeGreaterThan(0);
    expect(rowsOf(heading)).toEqual(variables);
  });

  it('has a section for every variable of every process', () => {
    const told = new Set([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name));
    for (const schema of [
      apiEnvironment,
      publicEnvironment,
      clusterEnvironment,
      standaloneEnvironment,
      demoEnvironment,
    ])
      for (const { name } of variablesOf(schema)) expect(told).toContain(name);
  });
});
