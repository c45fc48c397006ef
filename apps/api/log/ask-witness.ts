/** Asks a witness to cosign a checkpoint (C2SP tlog-witness, add-checkpoint). */
import {
  type AddCheckpoint,
  cosignatureIn,
  formatAddCheckpoint,
  parseAnsweredSize,
  SIZE_TYPE,
  type Verifier,
} from '#transparency';
import type { WitnessAddress } from '../services.ts';

/** `away`: it could not be reached, or did not answer in time; `refuses`: it said so; `wrong`: what it says can't be. */
export type WitnessFault = 'away' | 'refuses' | 'wrong';

/** A witness did not cosign. */
export class WitnessError extends Error {
  override readonly name = 'WitnessError';
  readonly code: WitnessFault;
  /** The same each time that it does the same; the message has beside it what it answered, which may differ. */
  readonly reason: string;
  constructor(code: WitnessFault, reason: string, answered: string, options?: ErrorOptions) {
    super(`${reason}: ${answered}`, options);
    this.code = code;
    this.reason = reason;
  }
}

/** `cosigned`: the line of its cosignature, which holds. `other-size`: it cosigned that one last. */
export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly line: string }
  | { readonly kind: 'other-size'; readonly size: number };

/** A dozen cosignatures are a few kilobytes. */
const MOST_BYTES = 64 * 1024;
const TOLD_CHARACTERS = 200;
const CONFLICT = 409;

/** Throws `WitnessError`. `signal` ends it, as at a deadline. */
export async function askWitness(
  { url, verifier }: WitnessAddress,
  request: AddCheckpoint,
  signal: AbortSignal,
): Promise<WitnessAnswer> {
  const { status, type, text } = await post(`${url}/add-checkpoint`, formatAddCheckpoint(request), signal);
  if (status === CONFLICT && type === SIZE_TYPE) {
    const size = parseAnsweredSize(text);
    if (size === null) throw new WitnessError('wrong', 'it says that it knows what is no size', told(text));
    return { kind: 'other-size', size };
  }
  if (status >= 500 || status === 429) throw new WitnessError('away', `it answers ${status}`, told(text));
  if (status !== 200) throw new WitnessError('refuses', `it answers ${status}`, told(text));
  return { kind: 'cosigned', line: mustHold(text, request.checkpoint, verifier) };
}

function mustHold(text: string, checkpoint: string, verifier: Verifier): string {
  const line = cosignatureIn(text, checkpoint, verifier);
  if (line !== null) return line;
  throw new WitnessError('wrong', 'what it answers is no cosignature by its key', told(text));
}

async function post(url: string, body: string, signal: AbortSignal) {
  try {
    const response = await fetch(url, { method: 'POST', body, signal, redirect: 'error' });
    const type = response.headers.get('content-type');
    return { status: response.status, type, text: await textOf(response) };
  } catch (error) {
    if (error instanceof WitnessError) throw error;
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new WitnessError('away', 'it could not be reached', why, { cause: error });
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new WitnessError('wrong', 'it answers without an end', `more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function told(text: string): string {
  return JSON.stringify(text.slice(0, TOLD_CHARACTERS));
}
