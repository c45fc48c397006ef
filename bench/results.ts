/** Results: everything as CSV, now and as of half the log; one unit as of half the log. */
import type { AnswersRequest, TreeAnswer, UnitAnswer } from './answers-task.ts';
import { inChild } from './child.ts';
import { mebibytes, milliseconds, type Row, seconds, times, whole } from './table.ts';
import type { Workshop } from './workshop.ts';

const HALF = 0.5;

export async function benchResults(shop: Workshop): Promise<Row[]> {
  return [
    ...(await tree(shop, 'depth all, csv', 'reading the documents')),
    ...(await tree(shop, 'depth all, csv, --at half the log', 'reading the attempts', HALF)),
    await unit(shop, 'root', 0),
    await unit(shop, 'district', 2),
    await unit(shop, 'commune', 3),
  ];
}

async function tree(shop: Workshop, figure: string, limit: string, at?: number): Promise<Row[]> {
  const request: AnswersRequest = { folder: await shop.countedFolder(), what: 'tree', ...(at !== undefined && { at }) };
  const { answer, memory } = await inChild<AnswersRequest, TreeAnswer>('answers-task', request, shop.options);
  const spent = answer.times.seconds;
  return [
    {
      figure: `results: ${figure}`,
      measured: `${seconds(spent)} (processor ${seconds(answer.times.cpuSeconds)}), ${whole(answer.bytes / 1e6)} MB`,
      limit: `${limit} ${seconds(answer.reading.seconds)}`,
      ratio: times(spent, answer.reading.seconds),
      cost: answer.times.cpuSeconds,
    },
    {
      figure: `results: ${figure}, peak memory (anonymous)`,
      measured: `${mebibytes(memory.anonymous)}; with mapped files ${mebibytes(memory.resident)}`,
      cost: memory.anonymous,
    },
  ];
}

async function unit(shop: Workshop, name: string, level: number): Promise<Row> {
  const request: AnswersRequest = { folder: await shop.countedFolder(), what: 'unit', level, at: HALF };
  const { answer } = await inChild<AnswersRequest, UnitAnswer>('answers-task', request, shop.options);
  return {
    figure: `results: one ${name} --at half the log (growth: for each contest)`,
    measured: `${milliseconds(answer.milliseconds)}, ${whole(answer.contests)} contests`,
    limit: `the same now ${milliseconds(answer.nowMilliseconds)}`,
    ratio: times(answer.milliseconds, answer.nowMilliseconds),
    cost: answer.milliseconds / answer.contests,
    growth: 'constant',
  };
}
