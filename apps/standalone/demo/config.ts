/** What the demonstration's player is told from outside. */
import { z } from 'zod';

const address = z.url({ protocol: /^https?$/, error: 'must be an address, as in http://127.0.0.1:4000' });

export const demoEnvironment = z.object({
  TALLY_URL: address,
  TALLY_PAGES: address.optional(),
  TALLY_TOKEN: z.string().optional(),
  TALLY_TOKEN_FILE: z.string().optional(),
  TALLY_DATA: z.string().min(1).default('./data'),
  TALLY_DEMO_SECONDS: z.coerce.number('must be a number').int().min(1).default(600),
});
