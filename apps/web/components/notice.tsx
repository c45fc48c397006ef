import type { ComponentChildren } from 'preact';
import type { Tone } from './tag.tsx';

interface NoticeProps {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children?: ComponentChildren;
}

/** Something the reader must know before reading the figures. */
export function Notice({ tone = 'neutral', title, children }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} role="note">
      {title && <p class="notice-title">{title}</p>}
      {children && <div class="notice-text">{children}</div>}
    </div>
  );
}
