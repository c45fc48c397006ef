/** Processes die, are stopped, or hang and come back as if nothing had happened. */

import type { TallyProcess } from '../../services/tally-process.ts';
import { type Mend, type Scenario, type Strike } from '../round.ts';

const SHORT = [50, 1_500] as const;
/** Longer than a silent projector keeps its slots. */
const BEYOND_SESSION = [11_000, 13_000] as const;

type Victims = (strike: Strike) => readonly TallyProcess[];

function killed(name: string, victims: Victims): Scenario {
  return {
    name: `kill -9 of ${name}`,
    lasts: SHORT,
    async damage(strike): Promise<Mend> {
      const dead = victims(strike);
      await Promise.all(dead.map((one) => one.kill()));
      return async () => {
        for (const one of dead) one.spawn();
      };
    },
  };
}

function hung(name: string, lasts: Scenario['lasts'], victims: Victims): Scenario {
  return {
    name: `${name} hangs`,
    lasts,
    async damage(strike): Promise<Mend> {
      const still = victims(strike);
      for (const one of still) one.freeze();
      return async () => {
        for (const one of still) one.thaw();
      };
    },
  };
}

export const processes: readonly Scenario[] = [
  killed('an api', ({ arena, pick }) => [pick(arena.cluster.apis)]),
  killed('both apis', ({ arena }) => arena.cluster.apis),
  killed('a projector', ({ arena, pick }) => [pick(arena.cluster.projectors)]),
  killed('both projectors', ({ arena }) => arena.cluster.projectors),
  killed('a gateway', ({ arena, pick }) => [pick(arena.cluster.gateways)]),
  killed('one of each kind', ({ arena: { cluster }, pick }) => [
    pick(cluster.apis),
    pick(cluster.projectors),
    pick(cluster.gateways),
  ]),
  {
    name: 'a projector is stopped in the ordinary way',
    lasts: SHORT,
    async damage({ arena, pick }): Promise<Mend> {
      const one = pick(arena.cluster.projectors);
      await one.stop();
      return async () => one.spawn();
    },
  },
  hung('an api', SHORT, ({ arena, pick }) => [pick(arena.cluster.apis)]),
  hung('a gateway', SHORT, ({ arena, pick }) => [pick(arena.cluster.gateways)]),
  hung('a projector', SHORT, ({ arena, pick }) => [pick(arena.cluster.projectors)]),
  hung('a projector, is taken for dead and comes back', BEYOND_SESSION, ({ arena, pick }) => [
    pick(arena.cluster.projectors),
  ]),
];
