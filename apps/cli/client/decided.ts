/** What became of an act, for whoever gave the command. */
import type { IntakeResult } from '#intake';
import { refused, unreachable } from '../errors.ts';
import type { Decided } from './client.ts';

/** Where it lies in the log; throws what is no success, in words. */
export function decided(result: IntakeResult): Decided {
  switch (result.kind) {
    case 'settled': {
      const { attempt } = result;
      if (attempt.outcome === 'accepted') return { position: `${attempt.shard}:${attempt.offset}` };
      throw refused(`Refused: ${attempt.detail ?? attempt.rejection ?? 'rejected'}.`);
    }
    case 'refused':
      throw refused(result.problems.map(({ message }) => message).join(' '));
    case 'unconfirmed':
      throw unreachable(`Not confirmed by the log: ${result.message}`);
    case 'pending':
      throw unreachable(`Written at ${result.shard}:${result.offset}, but not taken in yet; look again in a moment.`);
    case 'unchanged':
      throw refused('It stands already.');
  }
}
