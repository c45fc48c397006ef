/** Which signed head a copy is brought to. */
import { isObject } from '#domain';
import { type ElectionHead, electionOfHead, type KeyChain, openNoteBy, parseHead } from '#transparency';
import { MirrorError } from './mirror-error.ts';
import { type LogSource, readText } from './source.ts';

export interface SignedHead {
  readonly head: ElectionHead;
  readonly note: string;
}

/** Opens a head; throws where no key of the election signed it. `from`: where it is from, for messages. */
export function openedHead(note: string | null | undefined, chain: KeyChain, from: string): SignedHead {
  const { name } = chain.at(-1)!;
  const opened = openNoteBy(chain, note ?? '', name);
  const head = opened.ok ? parseHead(opened.text) : null;
  if (!head)
    throw new MirrorError(
      !opened.ok && opened.problem === 'bad-signature' ? 'bad-signature' : 'file-malformed',
      `${from} shows no election head that is signed with ${name}`,
    );
  if (head.election !== electionOfHead(name))
    throw new MirrorError('other-election', `${from} shows a head of ${head.election}, signed by ${name}`);
  return { head, note: note! };
}

/**
 * The newest head that names a fingerprint, as results can be checked against it, unless the copy is further; else the
 * head of this moment. It is one that the present key signed: older ones are history. Whoever may see all results before they are public gets one made for them.
 */
export async function chooseHead(
  source: LogSource,
  chain: KeyChain,
  before: ElectionHead | null,
  newest: boolean,
): Promise<SignedHead> {
  const kept = newest ? [] : await keptHeads(source, chain);
  const present = chain.slice(-1);
  const isPresent = ({ note }: SignedHead): boolean => openNoteBy(present, note, present[0]!.name).ok;
  const withResults = kept.find((one) => one.head.fingerprint !== null && goesOn(one.head, before) && isPresent(one));
  if (withResults) return withResults;
  const made = await readText(source, 'log/head', { fingerprint: 'yes' });
  return openedHead(made ?? (await readText(source, 'log/head')), present, source.address);
}

async function keptHeads(source: LogSource, chain: KeyChain): Promise<SignedHead[]> {
  const notes = notesIn((await readText(source, 'log/heads')) ?? '');
  if (!notes) throw new MirrorError('file-malformed', `${source.address} shows no list of election heads`);
  return notes.map((note) => openedHead(note, chain, source.address));
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
