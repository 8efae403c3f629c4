import { useRef } from 'react';
import type { SizedMerge } from '../../store/pack-sizes.ts';
import { percent } from '../charts/format.ts';
import { Star } from '../pareto/star.tsx';
import { useWidth } from '../use-width.ts';
import { type Box, placeNames, shareTicks, sizeTicks, xOf, yOf } from './size-scale.ts';
import { timesText } from './size-text.ts';

const HEIGHT = 176;
const MARGIN = { left: 40, right: 16, top: 8, bottom: 34 };

/** What is drawn, and on how many images. */
export function headOf(merges: readonly SizedMerge[]): string {
  const counts = merges.map(({ n }) => n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const n = least === most ? least : `${least} to ${most}`;
  return counts.length > 0 ? `Mean accuracy in %, 95 % intervals, n = ${n} per task` : '';
}

/** Mean accuracy over size on a logarithmic scale; the same in words stands in the table. */
export function SizePlot({ merges }: { readonly merges: readonly SizedMerge[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  return (
    <div className="size-plot" ref={frame} style={{ height: HEIGHT }}>
      {width > 0 && merges.length > 0 && <Drawing merges={merges} width={width} />}
    </div>
  );
}

function Drawing({ merges, width }: { readonly merges: readonly SizedMerge[]; readonly width: number }) {
  const box: Box = {
    left: MARGIN.left,
    right: width - MARGIN.right,
    top: MARGIN.top,
    bottom: HEIGHT - MARGIN.bottom,
  };
  const most = Math.max(2, ...merges.map(({ size }) => size));
  const shares = shareTicks(merges.flatMap(({ low, high }) => [low, high]));
  const range = [shares[0] ?? 0, shares.at(-1) ?? 1] as const;
  const spots = merges.map((merge) => ({
    merge,
    x: xOf(merge.size, most, box),
    y: (share: number) => yOf(share, range, box),
  }));
  // The merge on the screen comes last and is named first: its name stays beside it.
  const names = placeNames(
    spots.toReversed().map(({ merge, x, y }) => ({ text: merge.name, x, y: y(merge.accuracy) })),
    box,
  );
  return (
    <svg width={width} height={HEIGHT} aria-hidden="true" focusable="false">
      {shares.map((share) => (
        <g key={share}>
          <line className="rule" x1={box.left} x2={box.right} y1={yOf(share, range, box)} y2={yOf(share, range, box)} />
          <text className="tick" x={box.left - 6} y={yOf(share, range, box) + 4} textAnchor="end">
            {Math.round(share * 100)}
          </text>
        </g>
      ))}
      {sizeTicks(most).map((size) => (
        <g key={size}>
          <line className="rule" x1={xOf(size, most, box)} x2={xOf(size, most, box)} y1={box.top} y2={box.bottom} />
          <text className="tick" x={xOf(size, most, box)} y={box.bottom + 15} textAnchor="middle">
            {timesText(size)}
          </text>
        </g>
      ))}
      <text className="axis" x={box.right} y={HEIGHT - 4} textAnchor="end">
        size, × one network (log)
      </text>
      {spots.map(({ merge, x, y }) => (
        <Spot key={merge.id} merge={merge} x={x} y={y} />
      ))}
      {names.map(({ text, anchor, at, x, y }) => (
        <text key={`${text} ${x} ${y}`} className="name" x={at[0]} y={at[1]} textAnchor={anchor}>
          {text}
        </text>
      ))}
    </svg>
  );
}

interface SpotProps {
  readonly merge: SizedMerge;
  readonly x: number;
  readonly y: (share: number) => number;
}

function Spot({ merge, x, y }: SpotProps) {
  const { kind, name, size, accuracy, low, high, n } = merge;
  const at = [x, y(accuracy)] as const;
  return (
    <g className="spot" data-pack={name} data-kind={kind} data-size={size} data-accuracy={accuracy}>
      <title>{`${name}: ${percent(accuracy)} %, ${timesText(size)} × one network, n = ${n} per task`}</title>
      <line className="whisker" x1={x} x2={x} y1={y(low)} y2={y(high)} />
      {kind === 'current' && <Star at={at} look="measured" />}
      {kind === 'pack' && <circle cx={at[0]} cy={at[1]} r={4.5} />}
      {kind === 'experts' && <path d={`M${at[0]} ${at[1] - 6}l6 6l-6 6l-6 -6Z`} />}
      {kind === 'average' && <path d={`M${at[0] - 6} ${at[1]}h12`} />}
    </g>
  );
}
