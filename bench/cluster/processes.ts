/** An api, a gateway and a projector over the lab's stores, each a process as it is run. */
import { freePorts } from '../../test/services/ports.ts';
import { type ProcessKind, TallyProcess } from '../../test/services/tally-process.ts';
import { Child } from '../child.ts';
import type { Lab, OpenedElection } from './lab.ts';
import { project } from './projection.ts';
import type { ProjectorAnswer, ProjectorRequest } from './projector-task.ts';

const KINDS: readonly ProcessKind[] = ['api', 'gateway', 'projector'];
const MANY = '1000000';

/** What the projector writes to. The MongoDB-wire server takes no more than some 4,000 writes a second. */
export type Sink = 'store' | 'counting';

export interface Running {
  readonly api: TallyProcess;
  readonly gateway: TallyProcess;
  complaints(): string;
  stop(): Promise<void>;
}

/** `nodeOptions`: of each process, e.g. where to leave a profile. */
export async function startProcesses(
  lab: Lab,
  opened: OpenedElection,
  sink: Sink,
  nodeOptions: readonly string[] = [],
): Promise<Running> {
  const ports = await freePorts(KINDS.length);
  const env = {
    ...lab.env,
    TALLY_PUBLIC_PER_SECOND: MANY,
    TALLY_ACCOUNT_PER_SECOND: MANY,
    TALLY_CONNECTIONS: MANY,
    TALLY_SOCKETS_PER_ADDRESS: MANY,
  };
  const processes = KINDS.map((kind, i) => new TallyProcess(kind, ports[i]!, env, nodeOptions));
  const [api, gateway, projector] = processes as [TallyProcess, TallyProcess, TallyProcess];
  // The openings are in the store in any case: that is where the gateway begins.
  if (sink === 'counting') await project(lab, opened, { sink: 'store', tells: false }, {});
  const counting = sink === 'counting' ? await countingProjector(lab, opened) : null;
  const stop = async (): Promise<void> => {
    await Promise.all([...processes.map((one) => (nodeOptions.length > 0 ? one.stop() : one.kill())), counting?.end()]);
  };
  try {
    await Promise.all([api.start(), gateway.start(), sink === 'store' && projector.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  const complaints = (): string => processes.map((one) => `${one.kind}: ${one.complaints}`).join('\n');
  return { api, gateway, complaints, stop };
}

/** Its watchers begin before the first sheet: none of them asks the store for one. */
async function countingProjector({ env }: Lab, { id, shards }: OpenedElection): Promise<Child> {
  const projector = new Child('cluster/projector-task');
  const all = Array.from({ length: shards }, (_, shard) => shard);
  const ask = (request: ProjectorRequest): Promise<ProjectorAnswer> => projector.ask(request);
  await ask({ do: 'open', env, election: id, shards: all, sink: 'counting', tells: true });
  await ask({ do: 'serve' });
  return projector;
}
