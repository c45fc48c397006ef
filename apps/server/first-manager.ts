/** The first manager of an installation: with the token that is given, or with one that is made and shown this once. */
import { z } from 'zod';
import { type Accounts, looksLikeToken } from '#access';
import { readSecret } from './secret.ts';

export const firstManagerEnvironment = z.object({
  TALLY_MANAGER_TOKEN: z.string().optional(),
  TALLY_MANAGER_TOKEN_FILE: z.string().optional(),
});

/** The given token; null where none is. Throws where it is none that Tally would make: such a one could be guessed. */
export async function givenToken(config: z.output<typeof firstManagerEnvironment>): Promise<string | null> {
  const token = await readSecret('TALLY_MANAGER_TOKEN', config);
  if (token !== null && !looksLikeToken(token))
    throw new Error('TALLY_MANAGER_TOKEN must be tally_ and 43 letters, digits, - or _: 32 random bytes in base64url');
  return token;
}

/** Where there is no account yet. Resolves to the token where it has to be shown: it was not given, and is kept nowhere. */
export async function ensureFirstManager(accounts: Accounts, token: string | null): Promise<string | null> {
  const added = await accounts.addFirst({
    role: 'manager',
    unit: null,
    name: 'first manager',
    ...(token !== null && { token }),
  });
  return token === null ? (added?.token ?? null) : null;
}
