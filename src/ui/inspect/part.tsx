import type { ReactNode } from 'react';

interface PartProps {
  readonly title: string;
  /** What the chart shows and how sure its numbers are, in a line or two. */
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** One chart with its title and what it says. */
export function Part({ title, note, children }: PartProps) {
  return (
    <section className="inspect-part" aria-label={title}>
      <h3>{title}</h3>
      {children}
      {note !== undefined && <p className="hint">{note}</p>}
    </section>
  );
}
