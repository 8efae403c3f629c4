import { type ReactNode, useId } from 'react';

interface TermProps {
  readonly children: ReactNode;
  readonly help: string;
}

/** A word with its one-line definition on hover and on focus. */
export function Term({ children, help }: TermProps) {
  const id = useId();
  return (
    <span className="term">
      <button type="button" aria-describedby={id}>
        {children}
      </button>
      <span role="tooltip" id={id}>
        {help}
      </span>
    </span>
  );
}
