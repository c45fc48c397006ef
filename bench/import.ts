/** Import: a file of sheets into log and read model, against the same records appended to a plain file. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppendAnswer, AppendRequest } from './append-task.ts';
import { inChild } from './child.ts';
import type { ImportAnswer, ImportRequest } from './import-task.ts';
import type { OpenRequest } from './open-task.ts';
import { percent, type Row, whole } from './table.ts';
import type { Workshop } from './workshop.ts';

export const RATE_AIM = 20_000;
export const MEMORY_AIM_MIB = 600;

/** Opens the election anew and imports its sheets from a file of the given format. Leaves the data folder for others. */
export async function benchImport(shop: Workshop, format: 'csv' | 'ndjson'): Promise<Row[]> {
  const { folder, file } = await openedFolder(shop, format);
  const { answer, memory } = await inChild<ImportRequest, ImportAnswer>('import-task', { folder, file }, shop.options);
  const { summary, seconds, cpuSeconds, mainSeconds, openingSeconds } = answer;
  const taken = summary.accepted + summary.held;
  if (taken !== shop.sheets) throw new Error(`${taken} of ${shop.sheets} sheets taken in: ${JSON.stringify(summary)}`);
  const limit = await rawAppend(shop, folder);
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
    },
    {
      figure: `import ${format}, processor time a sheet`,
      measured: `${micros(cpuSeconds, summary.lines)}, of which main thread ${micros(mainSeconds, summary.lines)}`,
    },
    {
      figure: `import ${format}, peak memory (anonymous)`,
      measured: `${whole(memory.anonymous)} MiB`,
      aim: `< ${MEMORY_AIM_MIB} MiB`,
      met: memory.anonymous < MEMORY_AIM_MIB,
    },
    {
      figure: `import ${format}, peak memory with mapped files`,
      measured: `${whole(memory.resident)} MiB`,
    },
    { figure: `import ${format}, opening before the first sheet`, measured: `${openingSeconds.toFixed(2)} s` },
    { figure: `import ${format}, bytes an event`, measured: whole(limit.bytes / limit.records) },
  ];
}

async function openedFolder(shop: Workshop, format: string): Promise<{ folder: string; file: string }> {
  const folder = shop.dataFolder;
  await rm(folder, { recursive: true, force: true });
  await inChild<OpenRequest, unknown>('open-task', { folder, path: await shop.packageFolder() });
  return { folder, file: await shop.sheetFile(format) };
}

async function rawAppend(shop: Workshop, folder: string): Promise<AppendAnswer> {
  const request = { folder, file: join(shop.folder, 'plain-file') };
  return (await inChild<AppendRequest, AppendAnswer>('append-task', request)).answer;
}

function micros(seconds: number, count: number): string {
  return `${((1e6 * seconds) / count).toFixed(0)} µs`;
}
