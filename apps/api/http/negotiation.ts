/** What a client's headers ask for, of what there is (RFC 9110 §12.5). */
import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';

interface Asking {
  readonly headers: IncomingHttpHeaders;
}

/** The first of the encodings offered, best first, that the client takes; `identity` where it takes none of them. */
export function encodingFor<Offered extends string>(
  request: Asking,
  offered: readonly Offered[],
): Offered | 'identity' {
  const taken = new Negotiator(request).encodings(offered);
  return offered.find((encoding) => taken.includes(encoding)) ?? 'identity';
}

/** Which of the languages offered the client likes best; the first where it does not say, or speaks none of them. */
export function languageFor<Offered extends string>(
  request: Asking,
  offered: readonly [Offered, ...Offered[]],
): Offered {
  const liked = new Negotiator(request).language(offered);
  return offered.find((language) => language === liked) ?? offered[0];
}
