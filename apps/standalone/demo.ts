/** Where the demonstration is put in: `demo/` sets `start`; without one `--demo` says so. */
import type { Installation } from './embedded.ts';

export interface DemoContext {
  /** Address of the running server. */
  readonly url: string;
  /** Tells the person at the terminal. */
  readonly say: (line: string) => void;
}

export interface Demo {
  /** Opens the elections and plays; resolves once everything is under way. */
  start(installation: Installation, context: DemoContext): Promise<void>;
  /** Ends the play; again is a no-op. */
  stop(): Promise<void>;
}

export const DEMO: Demo = {
  async start(_installation, { say }) {
    say('  This build has no demonstration.');
  },
  async stop() {},
};
