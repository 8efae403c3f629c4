import type { ReactNode } from 'react';
import { Icon } from '../icons.tsx';
import type { Listed } from './listing.ts';

interface EntryRowProps {
  readonly listed: Listed;
  /** 'chosen': the method in use; 'added': a step that the chain already has. */
  readonly use: 'chosen' | 'added' | 'free';
  /** What it would give. */
  readonly preview?: ReactNode;
  readonly onChoose: () => void;
  /** The way to its page. */
  readonly onAbout?: () => void;
  readonly onRest?: () => void;
  readonly onLeave?: () => void;
}

const places = { pre: 'added before the merge', merge: undefined, post: 'added after the merge' } as const;

/** A method to choose, or why it cannot be. */
export function EntryRow({ listed, use, preview, onChoose, onAbout, onRest, onLeave }: EntryRowProps) {
  const { entry, summary, badge, reason } = listed;
  const remark = use === 'added' ? 'already in the chain' : places[entry.kind];
  const rest = reason === undefined ? onRest : undefined;
  return (
    <li className="entry-row" onPointerEnter={rest} onPointerLeave={onLeave}>
      {/* Greyed, but focusable: the reason can be read by everyone. */}
      <button
        type="button"
        className="entry"
        data-method={entry.id}
        aria-current={use === 'chosen' ? 'true' : undefined}
        aria-disabled={reason !== undefined}
        onFocus={rest}
        onBlur={onLeave}
        onClick={() => reason === undefined && onChoose()}
      >
        <span className="entry-name">
          <strong>{entry.name}</strong> <span className="hint">{entry.year}</span>
          {badge && <span className="badge">{badge}</span>}
          {use === 'chosen' && <Icon name="check" />}
        </span>
        <small>{summary}</small>
        {(reason ?? remark) && <em>{reason ?? remark}</em>}
        {preview}
      </button>
      {onAbout && (
        <button
          type="button"
          className="flat about"
          aria-label={`About ${entry.name}`}
          aria-haspopup="dialog"
          onClick={onAbout}
        >
          About
        </button>
      )}
    </li>
  );
}
