/** What a page says of itself outside its body: in the browser the title follows it, on the server it goes into `<head>`. */
import { useEffect } from 'preact/hooks';

export interface PageHead {
  readonly title: string;
  readonly description?: string;
}

const UNTOLD: PageHead = { title: 'Tally' };
let told = UNTOLD;

export function usePageHead(head: PageHead): void {
  told = head;
  useEffect(() => {
    document.title = head.title;
  }, [head.title]);
}

/** What a page says while `render` renders it, which is synchronous: no other page comes in between. */
export function withPageHead(render: () => string): { readonly head: PageHead; readonly html: string } {
  told = UNTOLD;
  const html = render();
  return { head: told, html };
}
