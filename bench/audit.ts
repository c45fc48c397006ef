/** Audit: exporting, verifying an export, what the trees cost, and what a figure is made of. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditAnswer, AuditRequest } from './audit-task.ts';
import { inChild } from './child.ts';
import type { RebuildAnswer, RebuildRequest } from './rebuild-task.ts';
import { mebibytes, micros, milliseconds, percent, processorTime, type Row, seconds, whole } from './table.ts';
import type { Workshop } from './workshop.ts';

const VERIFY_AIM = 50_000;
const VERIFY_MEMORY_AIM = 500;
const TREE_AIM = 0.15;
const TOTAL_AIM_MS = 50;

export async function benchAudit(shop: Workshop): Promise<Row[]> {
  const folder = await shop.countedFolder();
  const into = join(shop.folder, 'export');
  await rm(into, { recursive: true, force: true });
  const ask = (request: AuditRequest) => inChild<AuditRequest, AuditAnswer>('audit-task', request, shop.options);
  const made = await ask({ what: 'export', folder, into });
  const checked = await ask({ what: 'verify', folder: into });
  const trees = (await ask({ what: 'trees', folder })).answer;
  const rebuild = await inChild<RebuildRequest, RebuildAnswer>('rebuild-task', { folder }, shop.options);
  const { count: events, times } = checked.answer;
  const rate = events / times.seconds;
  const reading = trees.reading!;
  const treeCost = trees.times.cpuSeconds - reading.cpuSeconds;
  const rebuilt = rebuild.answer.rebuilding;
  const share = treeCost / rebuilt.cpuSeconds;
  const rows: Row[] = [
    {
      figure: 'audit: export, events/s',
      measured: `${whole(made.answer.count / made.answer.times.seconds)}, ${seconds(made.answer.times.seconds)}`,
      cost: made.answer.times.cpuSeconds,
    },
    {
      figure: 'audit: verify, events/s',
      measured: `${whole(rate)}, ${seconds(times.seconds)}`,
      limit: `reading the log ${whole(events / reading.seconds)}`,
      ratio: percent(rate, events / reading.seconds),
      aim: `≥ ${whole(VERIFY_AIM)}`,
      met: rate >= VERIFY_AIM,
      cost: times.cpuSeconds,
    },
    { figure: 'audit: verify, processor time an event', measured: processorTime(times, events) },
    {
      figure: 'audit: verify, peak memory (anonymous)',
      measured: mebibytes(checked.memory.anonymous),
      aim: `< ${mebibytes(VERIFY_MEMORY_AIM)}`,
      met: checked.memory.anonymous < VERIFY_MEMORY_AIM,
      cost: checked.memory.anonymous,
    },
    {
      figure: 'audit: trees, processor time an event',
      measured: micros(treeCost, trees.count),
      limit: `rebuild ${micros(rebuilt.cpuSeconds, trees.count)}`,
      ratio: percent(treeCost, rebuilt.cpuSeconds),
      aim: `< ${percent(TREE_AIM, 1)}`,
      met: share < TREE_AIM,
      cost: treeCost,
    },
  ];
  for (const [name, level] of [
    ['root', 0],
    ['district', 2],
    ['commune', 3],
  ] as const) {
    const lineage = (await ask({ what: 'lineage', folder, level })).answer;
    const total = (await ask({ what: 'total', folder, level })).answer;
    rows.push(
      {
        figure: `audit: lineage of one figure, ${name}`,
        measured: `${milliseconds(lineage.milliseconds!)}, ${whole(lineage.count)} sheets`,
        cost: lineage.milliseconds!,
      },
      {
        figure: `audit: one contest's total at half the log, ${name}`,
        measured: `${milliseconds(total.milliseconds!)}, ${whole(total.count)} sheets`,
        aim: `< ${TOTAL_AIM_MS} ms`,
        met: total.milliseconds! < TOTAL_AIM_MS,
        cost: total.milliseconds!,
      },
    );
  }
  return rows;
}
