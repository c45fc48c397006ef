export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly href: string;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
  readonly look?: 'line' | 'quiet';
}

/** A choice between pages: real links, the present one marked. */
export function Tabs({ label, tabs, current, look = 'line' }: TabsProps) {
  return (
    <nav class={`tabs tabs-${look}`} aria-label={label}>
      <ul>
        {tabs.map(({ id, label: text, href }) => (
          <li key={id}>
            <a href={href} aria-current={id === current ? 'true' : undefined}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
