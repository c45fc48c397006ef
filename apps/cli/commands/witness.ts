/** `tally witness`: cosigns what logs send it. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { parseVerifier, type Verifier } from '#transparency';
import { KnownLogs, type Outcome, Witness } from '#witness';
import { witnessOf } from '../client/witness.ts';
import { serveWitness } from '../client/witness-server.ts';
import { INTERRUPTED, type Session } from '../session.ts';

interface Options {
  readonly cosign: string;
  readonly as: string;
  readonly log: readonly Verifier[];
  readonly port: number;
  readonly host: string;
}

const PORT = 4080;

export function witnessCommand(program: Command, session: Session): void {
  program
    .command('witness')
    .description('be a witness that logs send their checkpoints to (C2SP tlog-witness), until Ctrl-C')
    .argument('<dir>', 'where it remembers what it cosigned last of each log; made where there is none')
    .requiredOption('--cosign <file>', 'its Ed25519 key (PEM; made where there is none)')
    .requiredOption('--as <name>', 'the name that the witness is known by, as witness.example.org/w1')
    .requiredOption(
      '--log <key>',
      'a log it looks at, by its key (ORIGIN+…), or all shards of an election (tally/ID/head+…); repeatable',
      addLog,
    )
    .option('--port <port>', 'where it listens; 0: any free port', readPort, PORT)
    .option('--host <host>', 'the address it listens on', '127.0.0.1')
    .addHelpText(
      'after',
      '\nTwo histories that a log signed are told, and kept beside what it remembers. Whoever is to reach it from outside needs a\nproxy with TLS in front of it.\n\nExample:\n  $ tally witness seen --cosign witness.pem --as witness.example.org/w1 --log tally/my-election/head+831624c1+AcaTS…',
    )
    .action(async (folder: string, { cosign: file, as: name, log, port, host }: Options) => {
      const signer = (await witnessOf(file, name))!;
      await mkdir(folder, { recursive: true });
      const witness = new Witness({ folder, signer, logs: new KnownLogs(log) });
      session.endsOnSignal = true;
      try {
        const server = await serveWitness(witness, {
          host,
          port,
          onOutcome: (outcome) => tell(session, folder, outcome),
          onFault: (error) => void session.complain(`tally: ${(error as Error).message}`),
        });
        if (session.json) await session.out.json({ witness: signer.verifier, url: server.url });
        else await session.out.write(`witness ${signer.verifier}\nlistens at ${server.url}\n`);
        await stopped(session);
        await server.close();
      } finally {
        await witness.close();
      }
      session.exitCode = INTERRUPTED;
    });
}

/** Two histories are evidence against a log: both are kept, each time the same ones in the same file. */
async function tell(session: Session, folder: string, outcome: Outcome): Promise<void> {
  if (outcome.kind !== 'forked') return;
  const both = `${outcome.known}\n${outcome.other}`;
  const file = join(folder, `forked-${createHash('sha256').update(outcome.other).digest('hex').slice(0, 16)}`);
  await writeFile(file, both);
  await session.complain(`tally: ${outcome.why}: both are kept in ${file} [log-forked]`);
}

function stopped({ io: { signal } }: Session): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve());
  });
}

function addLog(text: string, before: readonly Verifier[] = []): readonly Verifier[] {
  const log = parseVerifier(text);
  if (!log) throw new InvalidArgumentError('It is no verifier key of a log: <name>+<eight hex digits>+<base64>.');
  return [...before, log];
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('Give a port, 0 to 65535.');
  return port;
}
