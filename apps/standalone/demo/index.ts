/** The demonstration: a rehearsal of 2021 in Lạc Dương, opened and played into a running server. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Accounts } from '#access';
import { readPackageZip } from '#definition';
import type { Installation } from '../../server/installation.ts';
import { COMMUNES, DISTRICT } from './area.ts';
import { DEMO_ID, demoPackage } from './package.ts';
import { demoPlan } from './plan.ts';
import { type DemoTokens, play } from './player.ts';

export interface DemoContext {
  /** Address of the running server. */
  readonly url: string;
  /** The data folder: the demonstration keeps its place and its accounts' tokens in `demo/` there. */
  readonly folder: string;
  /** Tells the person at the terminal. */
  readonly say: (line: string) => void;
  /** How long the night takes; default ten minutes. */
  readonly seconds?: number;
}

interface State {
  readonly tokens: DemoTokens;
  readonly seconds: number;
  readonly played: number;
}

const TEN_MINUTES = 600;

export class Demo {
  readonly #stop = new AbortController();
  #playing: Promise<void> = Promise.resolve();

  /** Opens the election and begins to play; resolves once everything is under way. */
  async start(installation: Installation, context: DemoContext): Promise<void> {
    await openDemo(installation);
    const file = join(context.folder, 'demo', 'state.json');
    const state = (await readState(file)) ?? {
      tokens: await makeAccounts(installation.accounts),
      seconds: context.seconds ?? TEN_MINUTES,
      played: 0,
    };
    await writeState(file, state);
    const plan = demoPlan(state.seconds);
    tell(context, state, plan.length);
    this.#playing = play({
      address: `${context.url}/api/v1/elections/${DEMO_ID}`,
      tokens: state.tokens,
      plan,
      from: state.played,
      signal: this.#stop.signal,
      onPlayed: (played) => writeState(file, { ...state, played }),
    }).then(() => {
      if (!this.#stop.signal.aborted)
        context.say('  The night is over; the page stays. `npm start -- --fresh` plays it anew.');
    });
    this.#playing.catch((error: unknown) => context.say(`  ${error instanceof Error ? error.message : String(error)}`));
  }

  /** Resolves when the night is over or was stopped. */
  async ended(): Promise<void> {
    await this.#playing;
  }

  /** Ends the play; again is a no-op. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([this.#playing]);
  }
}

async function openDemo({ elections, projection }: Installation): Promise<void> {
  const pack = await readPackageZip(demoPackage());
  if (!pack.ok) throw new Error(`the demonstration's package is wrong: ${pack.problems[0]?.message}`);
  const { definition, digest, bytes } = pack;
  const root = definition.units.find((unit) => unit.parent === null)!.code;
  const opened = await elections.open(
    { id: definition.id, shards: definition.shards, rootUnit: root, digest, bytes },
    { id: 'demo', role: 'manager', unit: root },
    new Date(),
  );
  if (opened.outcome === 'other-package')
    throw new Error(`another package is open as ${DEMO_ID} in this folder: start with --fresh, or in another folder`);
  await projection.serve(opened.served);
}

async function makeAccounts(accounts: Accounts): Promise<DemoTokens> {
  const clerks: Record<string, string> = {};
  for (const { code, name } of COMMUNES)
    clerks[code] = (
      await accounts.add({ role: 'clerk', unit: code, election: DEMO_ID, name: `Demo: thư ký ${name}` })
    ).token;
  const unit = DISTRICT.code;
  const reviewer = await accounts.add({ role: 'reviewer', unit, election: DEMO_ID, name: 'Demo: ban bầu cử' });
  const verifier = await accounts.add({ role: 'verifier', unit, election: DEMO_ID, name: 'Demo: tổ đối chiếu' });
  return { clerks, reviewer: reviewer.token, verifier: verifier.token };
}

function tell({ url, say }: DemoContext, { seconds, played }: State, acts: number): void {
  const left = played === 0 ? `over about ${Math.round(seconds / 60)} minutes` : `from act ${played + 1} of ${acts}`;
  say(`  The demonstration, a rehearsal with fictitious figures, arrives ${left}:`);
  say(`    the district   ${url}/vi/${DEMO_ID}/${DISTRICT.code}    (English: ${url}/en/${DEMO_ID}/${DISTRICT.code})`);
  say(`    a polling area ${url}/en/${DEMO_ID}/24846-01`);
  say('    look for: sheets held and corrected, progress by commune, the history of a sheet.');
  say('');
}

async function readState(file: string): Promise<State | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as State;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Written beside and renamed, so that an interruption leaves the old state or the new one. */
async function writeState(file: string, state: State): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
