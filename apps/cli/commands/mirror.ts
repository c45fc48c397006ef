/** `tally mirror`: keeps a copy of a server's log and results that only ever goes on. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { Verifier } from '#transparency';
import { HttpLog, mirrorFrom, placeOf } from '../client/http-log.ts';
import { cosignCopy, witnessOf } from '../client/witness.ts';
import { CliError } from '../errors.ts';
import { INTERRUPTED, type Session } from '../session.ts';
import { keyOption } from './verify.ts';

interface Options {
  readonly key?: Verifier;
  readonly election?: string;
  readonly every?: number;
  readonly newest?: boolean;
  readonly cosign?: string;
  readonly as?: string;
}

const UNREACHABLE = 3;

export function mirrorCommand(program: Command, session: Session): void {
  program
    .command('mirror')
    .description('copy the public log and results of a server, or bring a copy up to date; refuses a rewritten history')
    .argument('<url>', 'address of a server, or of an election or a page on it')
    .argument('<dir>', 'a new folder, or an earlier copy of the same election')
    .option('--election <id>', 'which one, where the address does not name it')
    .addOption(keyOption())
    .option('--newest', 'all events of this moment, also where no fingerprint was signed over them yet')
    .option(
      '--cosign <file>',
      'be a witness: cosign each checkpoint with this Ed25519 key (PEM; made where there is none)',
    )
    .option('--as <name>', 'the name that the witness is known by, as witness.example.org/w1')
    .option('--every <minutes>', 'go on, and look again so often, until Ctrl-C', readMinutes)
    .addHelpText(
      'after',
      '\nEnds with 1 where the server is found wrong: its key is another, a signature does not hold, its log does not go on\nfrom the copy. The copy stays as it was, and what was sent is kept beside it.\n\nExamples:\n  $ tally mirror https://results.example.org/vi/my-election my-copy\n  $ tally mirror https://results.example.org my-copy --every 5\n  $ tally verify my-copy',
    )
    .action(
      async (address: string, folder: string, { every, election, cosign: file, as: name, ...options }: Options) => {
        const witness = await witnessOf(file, name);
        const place = await placeOf(address, election);
        const source = new HttpLog(place.server, place.election);
        const once = async (): Promise<void> => {
          const task = session.progress('copying', 'events');
          const { description, added } = await mirrorFrom(source, {
            folder,
            ...options,
            onProgress: task.update,
          }).finally(task.end);
          if (witness) await cosignCopy(folder, witness);
          if (session.json) return session.out.json({ ...description, added });
          const { election: id, position, log, fingerprint, key } = description;
          await session.out.line(`copied ${id} at ${position} to ${folder}: ${added} events more`);
          if (log === 'hashes')
            await session.out.line('the hashes of the events, not the events: these are not public now');
          await session.out.line(`fingerprint ${fingerprint ?? 'not told: no signed head of this position names one'}`);
          await session.out.line(`key ${key}`);
          if (witness) await session.out.line(`witness ${witness.verifier}`);
        };
        if (every === undefined) return once();
        session.endsOnSignal = true;
        await goOn(session, once, every);
      },
    );
}

/** Again and again; a server that is away for a while is told and asked again. */
async function goOn(session: Session, once: () => Promise<void>, minutes: number): Promise<void> {
  const { signal } = session.io;
  while (!signal?.aborted) {
    try {
      await once();
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== UNREACHABLE) throw error;
      await session.complain(`tally: ${error.message}`);
    }
    await delay(minutes * 60_000, undefined, { signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
  }
  session.exitCode = INTERRUPTED;
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= 1_440)) throw new InvalidArgumentError('Give minutes, more than 0 and at most 1440.');
  return minutes;
}
