/** The parts of a data folder without workers, so that nothing but what is measured runs beside a measurement. */
import type { EventLogs } from '#event-log';
import { openEmbeddedLogs } from '#event-log/embedded';
import { Elections, Projector, type ServedElection } from '#projection';
import type { ReadModel, ReadModels } from '#read-model';
import { openEmbeddedModels } from '#read-model/embedded';
import { ELECTION } from './nation.ts';

export interface Parts {
  readonly logs: EventLogs;
  readonly models: ReadModels;
  /** Not started: it projects what it is told to. */
  readonly projector: Projector;
  readonly served: ServedElection;
  /** The version that readers use. */
  readonly model: ReadModel;
  close(): Promise<void>;
}

export async function openParts(folder: string): Promise<Parts> {
  const logs = await openEmbeddedLogs(folder);
  const models = await openEmbeddedModels(folder);
  const elections = new Elections(logs);
  const projector = new Projector(elections, models);
  const served = await elections.find(ELECTION);
  const pointer = await models.pointer(ELECTION);
  const model = pointer && (await models.open(ELECTION, pointer.current));
  if (!served || !model || !(await isWhole(served, model))) throw new Error(`${folder} holds no counted ${ELECTION}`);
  return {
    logs,
    models,
    projector,
    served,
    model,
    async close() {
      await projector.stop();
      await models.close();
      await logs.close();
    },
  };
}

async function isWhole({ log }: ServedElection, model: ReadModel): Promise<boolean> {
  const shards = Array.from({ length: log.shards }, (_, shard) => shard);
  const behind = await Promise.all(
    shards.map(async (shard) => (await log.end(shard)) - (await model.checkpoint(shard)).offset),
  );
  return behind.every((events) => events === 0);
}
