/** The network between each kind of process and each of its services, and between senders and apis. */
import type { TcpProxy } from '../../services/tcp-proxy.ts';
import { type Arena, KINDS } from '../arena.ts';
import type { Mend, Scenario, Strike } from '../round.ts';

/** What becomes of the connections of some proxies. */
interface Fate {
  readonly name: string;
  readonly lasts: readonly [number, number];
  befall(proxies: readonly TcpProxy[], strike: Strike): () => void;
}

const LONG = [500, 6_000] as const;

const fates: readonly Fate[] = [
  { name: 'is cut again and again', lasts: [200, 1_500], befall: (proxies, strike) => often(strike, proxies, 'cut') },
  {
    name: 'is reset again and again',
    lasts: [200, 1_500],
    befall: (proxies, strike) => often(strike, proxies, 'reset'),
  },
  { name: 'is refused', lasts: LONG, befall: (proxies) => each(proxies, (proxy) => proxy.refuse()) },
  { name: 'is held', lasts: LONG, befall: (proxies) => each(proxies, (proxy) => proxy.hold()) },
  { name: 'is slow', lasts: LONG, befall: (proxies) => each(proxies, (proxy) => proxy.slow(20_000)) },
  { name: 'loses answers', lasts: LONG, befall: (proxies) => each(proxies, (proxy) => proxy.lose('to client')) },
  { name: 'loses questions', lasts: LONG, befall: (proxies) => each(proxies, (proxy) => proxy.lose('to target')) },
];

function each(proxies: readonly TcpProxy[], befall: (proxy: TcpProxy) => void): () => void {
  proxies.forEach(befall);
  return () => undefined;
}

/** At random moments, also of a request that is half sent. */
function often({ random }: Strike, proxies: readonly TcpProxy[], how: 'cut' | 'reset'): () => void {
  let timer: NodeJS.Timeout;
  const strikeAgain = (): void => {
    for (const proxy of proxies) if (random() < 0.7) proxy[how]();
    timer = setTimeout(strikeAgain, 20 + random() * 150);
  };
  strikeAgain();
  return () => clearTimeout(timer);
}

const places: readonly { readonly name: string; readonly of: (arena: Arena) => readonly TcpProxy[] }[] = [
  ...KINDS.flatMap((kind) => [
    { name: `between ${kind} and Kafka`, of: ({ doors }: Arena) => doors[kind].kafka },
    { name: `between ${kind} and MongoDB`, of: ({ doors }: Arena) => [doors[kind].mongo] },
  ]),
  { name: 'between senders and apis', of: ({ fronts }) => fronts },
  { name: 'between everything and one broker', of: ({ doors }) => KINDS.map((kind) => doors[kind].kafka[0]!) },
];

export const network: readonly Scenario[] = places.flatMap(({ name, of }) =>
  fates.map((fate) => ({
    name: `the network ${name} ${fate.name}`,
    lasts: fate.lasts,
    async damage(strike: Strike): Promise<Mend> {
      const proxies = of(strike.arena);
      const end = fate.befall(proxies, strike);
      return async () => {
        end();
        // What was lost or held on a connection stays so: it breaks, as it would in the end.
        for (const proxy of proxies) {
          proxy.pass();
          if (fate.name.startsWith('loses')) proxy.cut();
        }
      };
    },
  })),
);
