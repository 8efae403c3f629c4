import { Fragment } from 'react';
import { ExpertMark } from '../marks.tsx';
import { type Frame, groupsOf } from './layout.ts';
import type { ParallelAxis } from './types.ts';

const GROUP_NAMES: Readonly<Record<ParallelAxis['kind'], string>> = {
  coefficient: 'coefficients',
  task: 'accuracies',
  measure: 'measures',
};

/** Pixels that a group's rule reaches beyond its outermost axes. */
const OVERHANG = 16;
/** Pixels between the names of two neighbours. */
const NAME_GAP = 3;
const WIDEST_NAME = 112;
const MARK = 12;
/** Spacing at which names are set smaller. */
const NARROW = 76;

/** 'λ Digits' breaks nowhere, or the symbol would stand alone. */
const unbroken = (name: string) => name.replace(/^λ /, 'λ\u00a0');

interface LabelsProps {
  readonly axes: readonly ParallelAxis[];
  readonly frame: Frame;
}

/** Names above the axes, and above them what the axes are: what one sets → what comes of it. */
export function Labels({ axes, frame }: LabelsProps) {
  const { xs, spacing } = frame;
  const width = Math.min(WIDEST_NAME, spacing - NAME_GAP);
  const groups = groupsOf(axes);
  return (
    <div className="parallel-labels">
      {groups.map(({ kind, first, last }, i) => {
        const [left, right] = [xs[first] ?? 0, xs[last] ?? 0];
        const before = xs[first - 1];
        return (
          <div key={first}>
            {i > 0 && before !== undefined && (
              <span className="arrow" style={{ left: (before + left) / 2 }} aria-hidden="true">
                →
              </span>
            )}
            <span className="group" style={{ left: left - OVERHANG, width: right - left + 2 * OVERHANG }}>
              {GROUP_NAMES[kind]}
            </span>
          </div>
        );
      })}
      {axes.map(({ id, name, expert }, k) => (
        <Fragment key={id}>
          <span className={spacing < NARROW ? 'name narrow' : 'name'} title={name} style={{ left: xs[k], width }}>
            {unbroken(name)}
          </span>
          <span className="mark-place" style={{ left: xs[k] }}>
            {expert !== undefined && <ExpertMark index={expert} size={MARK} />}
          </span>
        </Fragment>
      ))}
    </div>
  );
}
