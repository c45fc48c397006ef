import type { ComponentChildren } from 'preact';

export type Tone = 'neutral' | 'accent' | 'attention' | 'danger' | 'good';

/** A state in a word or two: said in text, the colour only repeats it. */
export function Tag({ tone = 'neutral', children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`tag tag-${tone}`}>{children}</span>;
}
