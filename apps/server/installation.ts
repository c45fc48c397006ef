/** What an API, a gateway or the command line works with, whatever the adapters. */
import type { EventLogs } from '#event-log';
import type { Services } from '../api/index.ts';

export interface Installation extends Services {
  readonly logs: EventLogs;
  close(): Promise<void>;
}
