/** Import: a file of sheets into log and read model, against the same records appended to a plain file. */
import { join } from 'node:path';
import type { AppendAnswer, AppendRequest } from './append-task.ts';
import { inChild } from './child.ts';
import { mebibytes, percent, processorTime, type Row, whole } from './table.ts';
import type { Workshop } from './workshop.ts';

export const RATE_AIM = 20_000;
export const MEMORY_AIM_MIB = 600;

/** Opens the election anew and imports its sheets from a file of the given format. Leaves the data folder for others. */
export async function benchImport(shop: Workshop, format: 'csv' | 'ndjson'): Promise<Row[]> {
  const { answer, memory } = await shop.count(format);
  const { summary, seconds, openingSeconds } = answer;
  const limit = await rawAppend(shop, shop.dataFolder);
  const rate = summary.lines / seconds;
  const limitRate = limit.records / limit.seconds;
  return [
    {
      figure: `import ${format}, sheets/s`,
      measured: whole(rate),
      limit: `append + fdatasync ${whole(limitRate)}`,
      ratio: percent(rate, limitRate),
      aim: `≥ ${whole(RATE_AIM)}`,
      met: rate >= RATE_AIM,
      cost: answer.cpuSeconds,
    },
    {
      figure: `import ${format}, processor time a sheet`,
      measured: processorTime(answer, summary.lines),
    },
    {
      figure: `import ${format}, peak memory (anonymous)`,
      measured: mebibytes(memory.anonymous),
      aim: `< ${MEMORY_AIM_MIB} MiB`,
      met: memory.anonymous < MEMORY_AIM_MIB,
      cost: memory.anonymous,
    },
    { figure: `import ${format}, peak memory with mapped files`, measured: mebibytes(memory.resident) },
    { figure: `import ${format}, opening before the first sheet`, measured: `${openingSeconds.toFixed(2)} s` },
    { figure: `import ${format}, bytes an event`, measured: whole(limit.bytes / limit.records) },
  ];
}

async function rawAppend(shop: Workshop, folder: string): Promise<AppendAnswer> {
  const request = { folder, file: join(shop.folder, 'plain-file') };
  return (await inChild<AppendRequest, AppendAnswer>('append-task', request)).answer;
}
