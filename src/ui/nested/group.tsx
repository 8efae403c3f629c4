import { ExpertMark } from '../marks.tsx';
import type { Expert } from './experts.ts';

/** The marks of the experts below one side of a node. */
export function Group({
  leaves,
  experts,
}: {
  readonly leaves: readonly number[];
  readonly experts: readonly Expert[];
}) {
  return (
    <span className="nested-group">
      {leaves.map((i) => (
        <ExpertMark key={i} index={experts[i]?.index ?? 0} size={11} />
      ))}
    </span>
  );
}
