/** Read models that take their time. */
import type { ReadModel, ReadModels } from '#read-model';

/** A store that takes its time to write the old versions or the new ones, and to switch: others go on meanwhile. */
export function slowModels(models: ReadModels, isSlow: (what: 'old' | 'new') => boolean): ReadModels {
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const slowed = (model: ReadModel, what: 'old' | 'new'): ReadModel => ({
    election: model.election,
    version: model.version,
    shards: model.shards,
    checkpoint: (shard) => model.checkpoint(shard),
    snapshot: () => model.snapshot(),
    write: async (batch) => {
      if (isSlow(what)) await pause(what === 'old' ? 40 : 3);
      return model.write(batch);
    },
  });
  return {
    pointer: (election) => models.pointer(election),
    create: async (...wanted) => slowed(await models.create(...wanted), 'new'),
    ensure: async (...wanted) => slowed(await models.ensure(...wanted), 'old'),
    touch: (...wanted) => models.touch(...wanted),
    abandoned: (...wanted) => models.abandoned(...wanted),
    open: async (...wanted) => {
      const model = await models.open(...wanted);
      return model && slowed(model, 'old');
    },
    switch: async (...wanted) => {
      await pause(15);
      return models.switch(...wanted);
    },
    rebuildNote: (...wanted) => models.rebuildNote(...wanted),
    noteRebuild: (...wanted) => models.noteRebuild(...wanted),
    drop: (...wanted) => models.drop(...wanted),
    close: () => models.close(),
  };
}
