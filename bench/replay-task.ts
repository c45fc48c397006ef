/** Replays as `tally replay` does: the same client, rebuilding and comparing every document. */
import type { ReplayReport } from '#wire';
import { openEmbeddedClient } from '../apps/cli/client/embedded.ts';
import { answering, type Times, timed, timesOf } from './child.ts';
import { ELECTION } from './nation.ts';

export interface ReplayRequest {
  readonly folder: string;
}

export interface ReplayAnswer {
  readonly report: ReplayReport;
  readonly whole: Times;
}

answering(async ({ folder }: ReplayRequest): Promise<ReplayAnswer> => {
  const client = await openEmbeddedClient({
    folder,
    create: false,
    command: 'bench replay',
    token: undefined,
    onCatchUp: () => undefined,
  });
  const whole = await timed(async () => (await client.election(ELECTION)).replay({ switch: false }, () => undefined));
  await client.close();
  return { report: whole.value, whole: timesOf(whole) };
});
