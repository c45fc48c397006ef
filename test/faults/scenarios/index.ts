/**
 * Every scenario. What lies inside one process is told elsewhere: crashes between any two writes of a batch, batches
 * with other edges and two workers that both insert a document first in `libs/projection/crashes.*` and
 * `libs/read-model/contract`; clocks that go back in `libs/event-log/kafka/kafka.spec.ts`.
 */
import type { Scenario } from '../round.ts';
import { brokers } from './brokers.ts';
import { log } from './log.ts';
import { network } from './network.ts';
import { processes } from './processes.ts';
import { store } from './store.ts';

export const scenarios: readonly Scenario[] = [...log, ...processes, ...store, ...network, ...brokers];
