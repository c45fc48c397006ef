/** Replay: folding the log, rebuilding the read model, and the whole command with its comparison, against reading the log. */
import { inChild, type Times } from './child.ts';
import type { RebuildAnswer, RebuildRequest } from './rebuild-task.ts';
import type { ReplayAnswer, ReplayRequest } from './replay-task.ts';
import { mebibytes, percent, processorTime, type Row, seconds, whole } from './table.ts';
import type { Workshop } from './workshop.ts';

export const REPLAY_AIM = 100_000;

export async function benchReplay(shop: Workshop): Promise<Row[]> {
  const folder = await shop.countedFolder();
  const parts = await inChild<RebuildRequest, RebuildAnswer>('rebuild-task', { folder }, shop.options);
  const { events, reading, folding, rebuilding } = parts.answer;
  const replay = await inChild<ReplayRequest, ReplayAnswer>('replay-task', { folder }, shop.options);
  const { report, whole: command } = replay.answer;
  if (report.different > 0 || report.events !== events)
    throw new Error(`replay found ${report.different} different, ${report.events} of ${events} events`);
  const limitRate = events / reading.seconds;
  const rates = (figure: string, times: Times): Row => {
    const rate = events / times.seconds;
    return {
      figure: `replay: ${figure}, events/s`,
      measured: whole(rate),
      limit: `reading the log ${whole(limitRate)}`,
      ratio: percent(rate, limitRate),
      cost: times.cpuSeconds,
    };
  };
  const rebuilt = rates('rebuild (fold + write)', rebuilding);
  const rate = events / rebuilding.seconds;
  return [
    rates('fold alone', folding),
    { ...rebuilt, aim: `≥ ${whole(REPLAY_AIM)}`, met: rate >= REPLAY_AIM },
    rates('whole command, with comparison', command),
    { figure: 'replay: processor time an event, fold', measured: processorTime(folding, events) },
    {
      figure: 'replay: processor time an event, rebuild',
      measured: processorTime(rebuilding, events),
    },
    {
      figure: 'replay: processor time an event, whole command',
      measured: processorTime(command, events),
    },
    {
      figure: `replay: whole command, ${whole(report.compared)} nodes and ${whole(report.attempts)} attempts`,
      measured: `${seconds(command.seconds)}, ${report.different} different`,
    },
    {
      figure: 'replay: whole command, peak memory (anonymous)',
      measured: `${mebibytes(replay.memory.anonymous)}; with mapped files ${mebibytes(replay.memory.resident)}`,
      cost: replay.memory.anonymous,
    },
  ];
}
