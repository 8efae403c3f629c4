import { Icon } from '../icons.tsx';
import type { Listed } from './listing.ts';
import { PreviewNumber } from './preview-number.tsx';

interface EntryRowProps {
  readonly listed: Listed;
  /** 'chosen': the method in use; 'added': a step that the chain already has. */
  readonly use: 'chosen' | 'added' | 'free';
  readonly onChoose: () => void;
  readonly onAbout: () => void;
  readonly onRest: () => void;
  readonly onLeave: () => void;
}

const places = { pre: 'added before the merge', merge: undefined, post: 'added after the merge' } as const;

/** A method to choose, with what it would give, and the way to its page. */
export function EntryRow({ listed, use, onChoose, onAbout, onRest, onLeave }: EntryRowProps) {
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
        <PreviewNumber entry={entry} />
      </button>
      <button
        type="button"
        className="flat about"
        aria-label={`About ${entry.name}`}
        aria-haspopup="dialog"
        onClick={onAbout}
      >
        About
      </button>
    </li>
  );
}
