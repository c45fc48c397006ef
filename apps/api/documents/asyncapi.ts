/** The AsyncAPI 3 document of the live feed, made of the schemas that validate its requests. */
import type { z } from 'zod';
import * as wire from '../schemas.ts';
import { components, schemaOf } from './json-schemas.ts';
import type { Document } from './openapi.ts';

interface Message {
  readonly name: string;
  readonly from: 'client' | 'server';
  readonly summary: string;
  readonly payload: z.ZodType;
  /** What the acknowledgement holds. */
  readonly answer?: z.ZodType;
}

const MESSAGES: readonly Message[] = [
  {
    name: 'watch',
    from: 'client',
    summary:
      'Asks for a snapshot and for what changes after it. Acknowledged with the snapshot, or `{error}` (RFC 9457).',
    payload: wire.watchRequest,
    answer: wire.watchSnapshot,
  },
  { name: 'unwatch', from: 'client', summary: 'Ends a watch.', payload: wire.unwatchRequest },
  {
    name: 'feed',
    from: 'client',
    summary: 'Asks for every attempt in an area (observers and above).',
    payload: wire.feedRequest,
  },
  { name: 'unfeed', from: 'client', summary: 'Ends a feed.', payload: wire.feedRequest },
  {
    name: 'totals',
    from: 'server',
    summary:
      'At most four a second and room. Apply it if `from` is not beyond your own position in any shard and `to` is not behind it; ' +
      'if `from` is beyond, ask `GET …/results`. Never go back in any shard.',
    payload: wire.totalsMessage,
  },
  {
    name: 'position',
    from: 'server',
    summary: 'Each second, to everyone who watches the election.',
    payload: wire.positionMessage,
  },
  {
    name: 'attempt',
    from: 'server',
    summary: 'One accepted or rejected attempt, to the feed of its area.',
    payload: wire.attemptMessage,
  },
  { name: 'feed-gap', from: 'server', summary: 'A feed left lines out.', payload: wire.feedGapMessage },
];

export function asyncApiDocument(): Document {
  const named = <T>(make: (message: Message) => T): Record<string, T> =>
    Object.fromEntries(MESSAGES.map((message) => [message.name, make(message)]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Tally live feed',
      version: '1',
      description:
        'Socket.IO 4, namespace `/live`, WebSocket transport only. A token is optional: `auth: {token}` in the handshake.',
    },
    defaultContentType: 'application/json',
    channels: {
      live: {
        address: '/live',
        title: 'Namespace /live',
        messages: named(({ name }) => ({ $ref: `#/components/messages/${name}` })),
      },
    },
    operations: named(({ name, from, summary }) => ({
      action: from === 'client' ? 'receive' : 'send',
      channel: { $ref: '#/channels/live' },
      summary,
      messages: [{ $ref: `#/channels/live/messages/${name}` }],
    })),
    components: {
      messages: named(({ name, summary, payload, answer }) => ({
        name,
        summary,
        payload: schemaOf(payload),
        ...(answer && { 'x-ack': schemaOf(answer) }),
      })),
      schemas: components(),
    },
  };
}
