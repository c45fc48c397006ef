/** A projector's workers on given shards of one election, from the real broker into a sink, until the log's end. */
import { FOLD_VERSION } from '#domain';
import { Elections, type ServedElection, Teller } from '#projection';
import type { ReadModel } from '#read-model';
import { openStores, type Stores, storesEnvironment } from '../../apps/server/cluster.ts';
import { ShardWorker } from '../../libs/projection/shard-worker.ts';
import { answering, type Times, timed } from '../child.ts';
import { nowMs } from '../latencies.ts';
import { CountingModel } from './counting-model.ts';
import type { Environment } from './lab.ts';

export type ProjectorRequest =
  | {
      readonly do: 'open';
      readonly env: Environment;
      readonly election: string;
      readonly shards: readonly number[];
      readonly sink: 'counting' | 'store';
      /** Whether the changes feed is told. */
      readonly tells: boolean;
    }
  /** Up to where the log ends now. */
  | { readonly do: 'project' }
  /** From now on, until this process ends. */
  | { readonly do: 'serve' };

export interface ProjectorAnswer extends Times {
  readonly events: number;
  /** By this machine's steady clock, milliseconds. */
  readonly began: number;
  readonly ended: number;
}

interface Opened {
  readonly stores: Stores;
  readonly served: ServedElection;
  readonly model: ReadModel;
  readonly shards: readonly number[];
  readonly teller: Teller | null;
}

const NOTHING: ProjectorAnswer = { events: 0, began: 0, ended: 0, seconds: 0, cpuSeconds: 0, mainSeconds: 0 };
let opened: Opened | null = null;

answering(async (request: ProjectorRequest): Promise<ProjectorAnswer> => {
  if (request.do === 'project') return project(opened!);
  if (request.do === 'serve') return serve(opened!);
  const stores = await openStores(storesEnvironment.parse(request.env));
  const served = (await new Elections(stores.logs).find(request.election))!;
  const { election, log } = served;
  const { id } = election.definition;
  const model =
    request.sink === 'store'
      ? await stores.models.ensure(id, log.shards, FOLD_VERSION)
      : new CountingModel(id, log.shards);
  const teller = request.tells ? new Teller(stores.broadcast) : null;
  opened = { stores, served, model, shards: request.shards, teller };
  return NOTHING;
});

async function project({ stores, served, model, shards, teller }: Opened): Promise<ProjectorAnswer> {
  const ends = await Promise.all(shards.map((shard) => served.log.end(shard)));
  const began = nowMs();
  const { value: ended, ...times } = await timed(async () => {
    await Promise.all(shards.map((shard, i) => until(ends[i]!, shard, served, model, teller)));
    return nowMs();
  });
  await stores.close();
  return { ...times, events: ends.reduce((sum, end) => sum + end, 0), began, ended };
}

function serve({ served, model, shards, teller }: Opened): ProjectorAnswer {
  const onFault = (error: Error | null): void => {
    if (error) throw error;
  };
  for (const shard of shards)
    new ShardWorker(served, model, shard, { onChanges: (changes) => teller?.batch(changes), onFault }).start();
  return NOTHING;
}

/** One worker, until it has written everything before `end`; fails at the first fault. */
async function until(
  end: number,
  shard: number,
  served: ServedElection,
  model: ReadModel,
  teller: Teller | null,
): Promise<void> {
  let worker: ShardWorker | null = null;
  await new Promise<void>((resolve, reject) => {
    worker = new ShardWorker(served, model, shard, {
      onChanges: (changes) => {
        teller?.batch(changes);
        if (changes.to >= end) resolve();
      },
      onFault: (error) => error && reject(error),
    });
    worker.start();
  });
  await worker!.stop();
}
