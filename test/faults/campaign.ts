/** Many rounds, one after another, on arenas that are made anew now and then. */
import { Arena } from './arena.ts';
import { playRound, type RoundReport, type Scenario } from './round.ts';

export interface Game {
  readonly scenario: Scenario;
  readonly seed: number;
}

/** An arena is used for so many rounds. */
const ROUNDS_AN_ARENA = 100;

/** Plays in order, and tells of each round as it ends. A round that found something is followed by a new arena. */
export async function playAll(games: readonly Game[], onRound: (report: RoundReport) => void): Promise<void> {
  let arena: Arena | null = null;
  let played = 0;
  try {
    for (const { scenario, seed } of games) {
      arena ??= await Arena.start();
      const report = await playRound(arena, scenario, seed);
      onRound(report);
      played += 1;
      if (report.findings.length === 0 && played < ROUNDS_AN_ARENA) continue;
      await arena.stop();
      arena = null;
      played = 0;
    }
  } finally {
    await arena?.stop();
  }
}
