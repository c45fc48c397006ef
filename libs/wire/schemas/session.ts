/** Schemas of signing in, and of who is signed in. */
import { z } from 'zod';
import type { SessionAnswer } from '../session.ts';
import { role, same } from './common.ts';

export const signIn = z
  .strictObject({
    token: z.string().max(200).meta({ description: "The account's token" }),
    stay: z.boolean().optional().meta({ description: 'For 30 days, as on a wall screen: observers only' }),
  })
  .meta({ id: 'SignIn' });

export const sessionAnswer = same<SessionAnswer>()(
  z
    .object({
      account: z
        .object({
          id: z.string(),
          role,
          unit: z.string().nullable(),
          election: z.string().nullable(),
          name: z.string().nullable(),
        })
        .nullable(),
      expiresAt: z.string().nullable(),
    })
    .meta({ id: 'Session', description: 'Who the browser is signed in as; null: nobody' }),
);
