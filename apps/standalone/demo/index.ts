/** The demonstration: a rehearsal of 2021 in Lạc Dương, opened and played into a running server. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMMUNES, DISTRICT } from './area.ts';
import type { DemoHost } from './host.ts';
import { DEMO_ID } from './package.ts';
import { demoPlan } from './plan.ts';
import { type DemoTokens, play } from './player.ts';

export interface DemoContext {
  /** Where its API is asked. */
  readonly url: string;
  /** Where its pages are for the person at the terminal; default `url`. */
  readonly pages?: string;
  /** The demonstration keeps its place and its accounts' tokens in `demo/` there. */
  readonly folder: string;
  /** Tells the person at the terminal. */
  readonly say: (line: string) => void;
  /** How to play it once more. */
  readonly again: string;
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
  async start(host: DemoHost, context: DemoContext): Promise<void> {
    await host.open();
    const file = join(context.folder, 'demo', 'state.json');
    const state = (await readState(file)) ?? {
      tokens: await makeAccounts(host),
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
      if (!this.#stop.signal.aborted) context.say(`  The night is over; the page stays. ${context.again}`);
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

async function makeAccounts(host: DemoHost): Promise<DemoTokens> {
  const clerks: Record<string, string> = {};
  for (const { code, name } of COMMUNES)
    clerks[code] = await host.addAccount({ role: 'clerk', unit: code, name: `Demo: thư ký ${name}` });
  const unit = DISTRICT.code;
  return {
    clerks,
    reviewer: await host.addAccount({ role: 'reviewer', unit, name: 'Demo: ban bầu cử' }),
    verifier: await host.addAccount({ role: 'verifier', unit, name: 'Demo: tổ đối chiếu' }),
  };
}

function tell({ url, pages = url, say }: DemoContext, { seconds, played }: State, acts: number): void {
  const left = played === 0 ? `over about ${Math.round(seconds / 60)} minutes` : `from act ${played + 1} of ${acts}`;
  say(`  The demonstration, a rehearsal with fictitious figures, arrives ${left}:`);
  say(
    `    the district   ${pages}/vi/${DEMO_ID}/${DISTRICT.code}    (English: ${pages}/en/${DEMO_ID}/${DISTRICT.code})`,
  );
  say(`    a polling area ${pages}/en/${DEMO_ID}/24846-01`);
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
