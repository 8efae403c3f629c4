import { type ReactNode, useId } from 'react';

interface TermProps {
  readonly children: ReactNode;
  /** Undefined while the texts are on their way. */
  readonly help: string | undefined;
}

/** A word with its one-line definition on hover and on focus. */
export function Term({ children, help }: TermProps) {
  const id = useId();
  return (
    <span className="term">
      <button type="button" aria-describedby={help === undefined ? undefined : id}>
        {children}
      </button>
      {help !== undefined && (
        <span role="tooltip" id={id}>
          {help}
        </span>
      )}
    </span>
  );
}
