/** A process that shares slots and says which it holds; for specs, to be killed. */
import { say } from '../../embedded/testing/child-process.ts';
import { openKafka } from '../index.ts';

const [broker, namespace, sessionMs, slots] = process.argv.slice(2);
const { shares } = openKafka({ brokers: [broker!], namespace, sessionMs: Number(sessionMs), replication: 1 });
await shares.join(Number(slots), (held) => say([...held]));
