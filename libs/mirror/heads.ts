/** Which signed head a copy is brought to. */
import { isObject } from '#domain';
import { type ElectionHead, electionOfHead, openNote, parseHead, type Verifier } from '#transparency';
import { MirrorError } from './mirror-error.ts';
import { type LogSource, readText } from './source.ts';

export interface SignedHead {
  readonly head: ElectionHead;
  readonly note: string;
}

/** Opens a head; throws where the key did not sign it. `from`: where it is from, for messages. */
export function openedHead(note: string | null | undefined, verifier: Verifier, from: string): SignedHead {
  const opened = openNote(note ?? '', verifier);
  const head = opened.ok ? parseHead(opened.text) : null;
  if (!head)
    throw new MirrorError(
      !opened.ok && opened.problem === 'bad-signature' ? 'bad-signature' : 'file-malformed',
      `${from} shows no election head that is signed with ${verifier.name}`,
    );
  if (head.election !== electionOfHead(verifier.name))
    throw new MirrorError('other-election', `${from} shows a head of ${head.election}, signed by ${verifier.name}`);
  return { head, note: note! };
}

/**
 * The newest head that names a fingerprint, as results can be checked against it, unless the copy is further; else the
 * head of this moment. Whoever may see all results before they are public gets one made for them.
 */
export async function chooseHead(
  source: LogSource,
  verifier: Verifier,
  before: ElectionHead | null,
  newest: boolean,
): Promise<SignedHead> {
  const kept = newest ? [] : await keptHeads(source, verifier);
  const withResults = kept.find(({ head }) => head.fingerprint !== null && goesOn(head, before));
  if (withResults) return withResults;
  const made = await readText(source, 'log/head', { fingerprint: 'yes' });
  return openedHead(made ?? (await readText(source, 'log/head')), verifier, source.address);
}

async function keptHeads(source: LogSource, verifier: Verifier): Promise<SignedHead[]> {
  const notes = notesIn((await readText(source, 'log/heads')) ?? '');
  if (!notes) throw new MirrorError('file-malformed', `${source.address} shows no list of election heads`);
  return notes.map((note) => openedHead(note, verifier, source.address));
}

/** null where the text is no list of heads. */
function notesIn(text: string): string[] | null {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(answer) || !Array.isArray(answer.heads)) return null;
  return answer.heads.map((head: unknown) => (isObject(head) ? String(head.note) : ''));
}

function goesOn(head: ElectionHead, before: ElectionHead | null): boolean {
  return before === null || before.shards.every(({ size }, shard) => size <= (head.shards[shard]?.size ?? 0));
}
