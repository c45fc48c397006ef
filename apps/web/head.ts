/** What a page says of itself outside its body: in the browser the title follows it, on the server it goes into `<head>`. */
import { useEffect } from 'preact/hooks';

export interface PageHead {
  readonly title: string;
  readonly description?: string;
}

let told: PageHead = { title: 'Tally' };

export function usePageHead(head: PageHead): void {
  told = head;
  useEffect(() => {
    document.title = head.title;
  }, [head.title]);
}

/** Of the page rendered last. Rendering is synchronous, so no other page comes in between. */
export function lastPageHead(): PageHead {
  return told;
}
