/** The witnesses of the log, as the environment names them: an address and a key each, with commas between. */
import { z } from 'zod';
import { COSIGNATURE, parseVerifier } from '#transparency';
import type { WitnessAddress } from '../api/index.ts';

const EXPECTED = 'must be "URL KEY", or some of them with commas between, as https://w.example.org w.example.org/w1+…';

export const witnessesEnvironment = z.object({
  TALLY_WITNESSES: z
    .string()
    .optional()
    .transform((text, context): readonly WitnessAddress[] => {
      const witnesses: WitnessAddress[] = [];
      for (const pair of text?.split(',') ?? []) {
        const witness = witnessIn(pair);
        if (typeof witness === 'string') context.addIssue({ code: 'custom', message: witness });
        else if (witnesses.some(({ key }) => key === witness.key))
          context.addIssue({ code: 'custom', message: `names ${witness.verifier.name} twice` });
        else witnesses.push(witness);
      }
      return witnesses;
    }),
});

/** What is wrong with it, where something is. */
function witnessIn(pair: string): WitnessAddress | string {
  const [address, key, ...rest] = pair.trim().split(/\s+/);
  if (!address || key === undefined || rest.length > 0) return EXPECTED;
  if (!URL.canParse(address) || !/^https?:/.test(address)) return `${EXPECTED}: "${address}" is no address`;
  const verifier = parseVerifier(key, COSIGNATURE);
  return verifier ? { url: address.replace(/\/+$/, ''), verifier, key } : `${EXPECTED}: "${key}" is no witness's key`;
}
