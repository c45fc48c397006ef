/** Sends requests at a steady rate, whether or not earlier ones were answered, as many clerks would. */
import { setTimeout as delay } from 'node:timers/promises';
import { answering } from './child.ts';
import { nowMs } from './latencies.ts';

export interface SenderRequest {
  readonly url: string;
  readonly token?: string;
  /** One request each. */
  readonly bodies: readonly string[];
  readonly perSecond: number;
}

export interface Sent {
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly status: number;
  readonly text: string;
}

answering(async ({ url, token, bodies, perSecond }: SenderRequest): Promise<Sent[]> => {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const start = nowMs();
  const send = async (body: string): Promise<Sent> => {
    const sentAt = nowMs();
    const response = await fetch(url, { method: 'POST', headers, body }).catch((error: unknown) => {
      const at = `sent ${Math.round(sentAt - start)} ms after the start, failed ${Math.round(nowMs() - sentAt)} ms later`;
      throw new Error(at, { cause: error });
    });
    const text = await response.text();
    return { sentAt, answeredAt: nowMs(), status: response.status, text };
  };
  const sent: Promise<Sent>[] = [];
  for (const [i, body] of bodies.entries()) {
    const early = start + (1_000 * i) / perSecond - nowMs();
    if (early > 0) await delay(early);
    sent.push(send(body));
  }
  return Promise.all(sent);
});
