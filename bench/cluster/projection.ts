/** Projecting: from the real broker to a sink that counts, and to the store against plain writes of the same documents. */
import { Child, inChild, type Memory, type Times } from '../child.ts';
import { mebibytes, percent, processorTime, type Row, whole } from '../table.ts';
import type { Workshop } from '../workshop.ts';
import type { Lab, OpenedElection } from './lab.ts';
import type { PlainAnswer, PlainRequest } from './plain-writes-task.ts';
import type { ProjectorAnswer, ProjectorRequest } from './projector-task.ts';

export const COUNTING_AIM = 100_000;
export const STORE_AIM = 0.7;
export const MEMORY_AIM_MIB = 600;

export interface ProjectOptions {
  readonly sink: 'counting' | 'store';
  readonly tells: boolean;
  /** Shards are dealt out among so many processes. */
  readonly processes?: number;
}

export interface Projected {
  readonly perSecond: number;
  readonly events: number;
  /** Of the first process. */
  readonly times: Times;
  readonly memory: Memory;
}

export async function project(
  { env }: Lab,
  { id, shards }: OpenedElection,
  { sink, tells, processes = 1 }: ProjectOptions,
  options: Workshop['options'],
): Promise<Projected> {
  const children = Array.from({ length: processes }, () => new Child('cluster/projector-task', options));
  try {
    const ask = (request: (place: number) => ProjectorRequest): Promise<ProjectorAnswer[]> =>
      Promise.all(children.map((child, place) => child.ask<ProjectorRequest, ProjectorAnswer>(request(place))));
    const dealt = (place: number): number[] =>
      Array.from({ length: shards }, (_, shard) => shard).filter((shard) => shard % processes === place);
    await ask((place) => ({ do: 'open', env, election: id, shards: dealt(place), sink, tells }));
    const answers = await ask(() => ({ do: 'project' }));
    const events = answers.reduce((sum, answer) => sum + answer.events, 0);
    const began = Math.min(...answers.map((answer) => answer.began));
    const ended = Math.max(...answers.map((answer) => answer.ended));
    const { memory } = children[0]!;
    return { perSecond: events / ((ended - began) / 1_000), events, times: answers[0]!, memory };
  } finally {
    await Promise.all(children.map((child) => child.end()));
  }
}

export function countingRows(alone: Projected, telling: Projected): Row[] {
  const row = (figure: string, { perSecond }: Projected): Row => ({
    figure: `cluster projection: to a sink that counts, ${figure}, events/s`,
    measured: whole(perSecond),
    aim: `≥ ${whole(COUNTING_AIM)}`,
    met: perSecond >= COUNTING_AIM,
  });
  const memory = (figure: string, { events, memory }: Projected): Row => ({
    figure: `cluster projection: peak memory (anonymous) with ${whole(events)} events, ${figure}`,
    measured: `${mebibytes(memory.anonymous)}; all resident ${mebibytes(memory.resident)}`,
    aim: `< ${MEMORY_AIM_MIB} MiB`,
    met: memory.anonymous < MEMORY_AIM_MIB,
  });
  return [
    row('no feed', alone),
    { figure: 'cluster projection: processor time an event', measured: processorTime(alone.times, alone.events) },
    row('telling the changes feed', telling),
    {
      figure: 'cluster projection: processor time an event, telling',
      measured: processorTime(telling.times, telling.events),
    },
    memory('no feed', alone),
    memory('telling the changes feed', telling),
  ];
}

/** The store is mongo-java-server: what carries over is the ratio. */
export async function storeRows(lab: Lab, opened: OpenedElection, options: Workshop['options']): Promise<Row[]> {
  const request = { env: lab.env, election: opened.id };
  const { answer } = await inChild<PlainRequest, PlainAnswer>('cluster/plain-writes-task', request);
  const { perSecond, events, times } = await project(lab, opened, { sink: 'store', tells: true }, options);
  const limit = events / answer.seconds;
  return [
    {
      figure: `cluster projection: to the store (mongo-java-server), ${whole(events)} events, events/s`,
      measured: whole(perSecond),
      limit: `${whole(answer.documents)} plain writes, ${whole(answer.bytes / 1e6)} MB, without Tally: ${whole(limit)}`,
      ratio: percent(perSecond, limit),
      aim: `≥ ${percent(STORE_AIM, 1)}`,
      met: perSecond >= STORE_AIM * limit,
    },
    {
      figure: 'cluster projection: to the store, processor time of the projector an event',
      measured: processorTime(times, events),
    },
  ];
}
