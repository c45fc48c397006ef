/** How a page's answers are read: as the API would give them to the public now, all at one position. */
import type { Unit } from '#domain';
import { formatPosition } from '#domain';
import { contestsNear, electionAnswer, resolveAt, type ServedElection, unitAnswer, type View } from '#projection';
import { type Desk, entityTag, problemOf, publicViewer, type Viewer } from '../api/index.ts';
import { addresses } from '../web/live/addresses.ts';
import type { Kept } from '../web/rendering.ts';

export type Answers = Record<string, Kept>;

/** `tag` names all that the answers depend on; what is found to be open must be closed. */
export type Found =
  | { readonly kind: 'missing' }
  | { readonly kind: 'moved'; readonly to: string }
  /** Not for everybody: the browser asks for all of it. */
  | { readonly kind: 'private' }
  | {
      readonly kind: 'found';
      readonly tag: string;
      /** Path of the picture that stands for the page where its address is shared; none for pages without a place. */
      readonly card?: string;
      read(): Promise<Answers>;
      close(): void;
    };

export const MISSING: Found = { kind: 'missing' };
export const PRIVATE: Found = { kind: 'private' };

/** What a page's answers are read with. */
export interface Reading {
  readonly view: View;
  readonly viewer: Viewer;
  /** Entity tag of answers about figures. */
  readonly etag: string;
}

export type Decide = (reading: Reading) => Promise<Found | (() => Promise<Answers>)>;

/** Opens a view; it is closed with what was found, or at once where that is no page. */
export async function openView(desk: Desk, served: ServedElection, decide: Decide, view?: View): Promise<Found> {
  const opened = view ?? (await desk.publicView(served));
  try {
    const viewer = await publicViewer(opened, Date.now());
    const etag = entityTag(opened, viewer);
    const decided = await decide({ view: opened, viewer, etag });
    if (typeof decided === 'function') return { kind: 'found', tag: etag, read: decided, close: () => opened.close() };
    opened.close();
    return decided;
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** A position or a time; a time leads to the address of its position, which `addressAt` makes. */
export interface Past {
  readonly at: string;
  readonly addressAt: (position: string) => string;
}

/** The same as it was. */
export async function openViewAt(
  desk: Desk,
  served: ServedElection,
  { at, addressAt }: Past,
  decide: Decide,
): Promise<Found> {
  const found = await resolveAt(served, await desk.model(served), at);
  if ('problem' in found) return MISSING;
  if (found.isTime) return { kind: 'moved', to: addressAt(formatPosition(found.position)) };
  const view = await desk.publicView(served, found.position).catch((error) => {
    if (problemOf(error)?.code === 'not-public') return null;
    throw error;
  });
  return view ? openView(desk, served, decide, view) : MISSING;
}

export function plain(body: unknown): Kept {
  return { etag: null, body };
}

/** `wanted`: the contest that the address names. */
export async function facts(view: View, unit: Unit, wanted?: string): Promise<Answers> {
  const { id } = view.served.election.definition;
  return {
    [addresses.election(id)]: plain(electionAnswer(view)),
    [addresses.unit(id, unit.code, wanted)]: plain(
      await unitAnswer(view, unit, contestsNear(view.served.election, unit, wanted)),
    ),
  };
}
