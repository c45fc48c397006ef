/** Imports a file of sheets as `tally import` does: the same client, the same readers, the same sink. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type ImportSummary, importSheets, readSheets } from '#intake';
import { openEmbeddedClient } from '../apps/cli/client/embedded.ts';
import { answering, timed } from './child.ts';
import { ELECTION } from './nation.ts';

export interface ImportRequest {
  readonly folder: string;
  readonly file: string;
}

export interface ImportAnswer {
  /** Reading the definition and the log, before the first sheet. */
  readonly openingSeconds: number;
  /** From the first byte of the file until every sheet is in the read model. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly mainSeconds: number;
  readonly summary: ImportSummary;
}

answering(async ({ folder, file }: ImportRequest): Promise<ImportAnswer> => {
  const opening = await timed(async () => {
    const client = await openEmbeddedClient({
      folder,
      create: false,
      command: 'bench import',
      token: undefined,
      onCatchUp: () => undefined,
    });
    return { client, election: await client.election(ELECTION) };
  });
  const { client, election } = opening.value;
  const imported = await timed(async () => {
    const lines = readSheets(createReadStream(file, { highWaterMark: 262_144 }), { columns: await election.columns() });
    return importSheets(lines, await election.sink(), { file: basename(file) });
  });
  await client.close();
  const { value: summary, ...times } = imported;
  return { openingSeconds: opening.seconds, ...times, summary };
});
