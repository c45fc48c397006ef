/** Many rounds, one after another, on arenas that are made anew now and then. */
import { Arena } from './arena.ts';
import { playRound, type RoundReport, type Scenario } from './round.ts';

export interface Game {
  readonly scenario: Scenario;
  readonly seed: number;
}

/** Elections of so many rounds are looked after by one arena. */
const ROUNDS_AN_ARENA = 40;

/** Plays in order, and tells of each round as it ends. A round that found something is followed by a new arena. */
export async function playAll(games: readonly Game[], onRound: (report: RoundReport) => void): Promise<void> {
  let arena: Arena | null = null;
  let played = 0;
  try {
    for (const [place, { scenario, seed }] of games.entries()) {
      arena ??= await Arena.start();
      const report = await playRound(arena, scenario, seed, `round-${place}-rehearsal`);
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
