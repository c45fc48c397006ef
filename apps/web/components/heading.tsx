import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { headShown, moves } from '../router.ts';

let focusedAfter = 0;

/** The page's heading. After a move by a link it takes the focus, so that a reader by ear or keyboard starts here. */
export function Heading({ eyebrow, text }: { eyebrow?: string; text: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const move = moves.value;
  useLayoutEffect(headShown, []);
  useEffect(() => {
    if (move === focusedAfter) return;
    focusedAfter = move;
    heading.current?.focus({ preventScroll: true });
  }, [move]);
  return (
    <div class="heading">
      {eyebrow && <p class="eyebrow">{eyebrow}</p>}
      <h1 ref={heading} tabIndex={-1}>
        {text}
      </h1>
    </div>
  );
}
