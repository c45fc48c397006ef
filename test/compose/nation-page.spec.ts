/** `docs/how-to/run-for-a-nation.md` against the code: the metrics, topics and variables that it names are those there are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withDefaults } from '../../libs/event-log/kafka/options.ts';
import { changesTopic, definitionTopic, logTopic } from '../../libs/event-log/kafka/topics.ts';
import { SLOTS } from '../../libs/projection/cluster/workers.ts';
import { root } from '../services/checkout.ts';

const PAGE = 'docs/how-to/run-for-a-nation.md';
const page = readFileSync(join(root, PAGE), 'utf8');
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found]) => found!);

describe('the page on running it for a nation', () => {
  it('names metrics that there are, and every one of Tally but those of a batch', () => {
    const made = readdirSync(join(root, 'apps'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
      .flatMap((path) => matches(readFileSync(join(root, 'apps', path), 'utf8'), /name: '(tally_\w+)'/g));
    const named = new Set(matches(page, /`(tally_\w+)`/g));
    expect(made).toEqual(expect.arrayContaining([...named]));
    const unnamed = new Set(made.filter((name) => !named.has(name)));
    expect(unnamed).toEqual(new Set(['tally_attempts_total', 'tally_batch_records']));
    expect(page).toContain(`other than ${SLOTS} `);
  });

  it('tells the settings of the topics as they are made', () => {
    const settings = withDefaults({ brokers: [] });
    const topics = [logTopic('e', 7, settings), definitionTopic('e', settings), changesTopic('e', 7, settings)];
    const rows = matches(page, /^(\| `tally\.ELECTION\.\w+` .*)$/gm);
    expect(rows).toHaveLength(topics.length);
    topics.forEach(({ name, partitions, settings: wanted }, i) => {
      expect(rows[i]).toContain(
        `\`${name.replace('.e.', '.ELECTION.')}\` | ${partitions === 7 ? '`shards`' : partitions} |`,
      );
      for (const [setting, value] of Object.entries(wanted))
        if (rows[i]!.includes(`${setting}=`)) expect(rows[i]).toContain(`\`${setting}=${value}\``);
        else expect(page).toContain(`\`${setting}`);
    });
    expect(page).toContain(`copies (${settings.replication})`);
    expect(page).toContain(`\`KAFKA_MIN_INSYNC\` (${settings.minInSync})`);
  });

  it('names variables of the page on them, and leads nowhere that is not there', () => {
    const environment = readFileSync(join(root, 'docs/reference/environment.md'), 'utf8');
    for (const name of matches(page, /`((?:TALLY|KAFKA|MONGODB)_\w+)/g)) expect(environment).toContain(`\`${name}\``);
    for (const file of [PAGE, 'docs/reference/environment.md', 'docs/README.md'])
      for (const link of matches(readFileSync(join(root, file), 'utf8'), /\]\(([\w./-]+)\)/g))
        expect([link, existsSync(join(root, dirname(file), link))]).toEqual([link, true]);
  });
});
