/** What the server hands to the pages, and what it is given back. */

/** An answer and the tag that asks whether it is still the present one. */
export interface Kept {
  readonly etag: string | null;
  readonly body: unknown;
}

/** What a page was rendered from: the browser goes on from there. */
export interface PageSnapshot {
  /** When the answers were the present ones, milliseconds since 1970. */
  readonly at: number;
  /** By address of the API, as it would answer the public. */
  readonly answers: Readonly<Record<string, Kept>>;
}

export interface PageRequest {
  readonly path: string;
  /** With its `?`, or empty. */
  readonly search: string;
  readonly snapshot: PageSnapshot;
}

export interface RenderedPage {
  readonly language: string;
  readonly title: string;
  readonly description: string | undefined;
  /** Of the body of the page. */
  readonly html: string;
}

export type RenderPage = (request: PageRequest) => RenderedPage;

/** Id of the element that holds the snapshot as JSON. */
export const SNAPSHOT_ID = 'snapshot';
