/** What the parallel coordinates show, and what happens in them. */
import type { Dimension } from '../../store/parallel.ts';

export interface ParallelAxis {
  /** Unique among the axes. */
  readonly id: string;
  /** 'λ Digits' or 'Digits'. */
  readonly name: string;
  readonly kind: Dimension['kind'];
  /** Index of the expert on the card: colour and shape (see ui/experts.ts); undefined for a control of the method. */
  readonly expert?: number;
  readonly domain: readonly [number, number];
  /** Less is better: its limit is a ceiling, not a floor. */
  readonly turned?: boolean;
  /** Text of a value: '.30' or '92.1 %'. */
  readonly format: (value: number) => string;
  /** What a value is multiplied by where it is typed: 100 for a share in percent, 1 where missing. */
  readonly factor?: number;
  /** Of a coefficient: the range in which merges were measured; beyond it the axis is hatched. */
  readonly sampled?: readonly [number, number];
}

export interface ParallelLine {
  readonly id: string;
  /** One per axis, in the order of the axes; undefined where nothing was measured: the line has a gap there. */
  readonly values: readonly (number | undefined)[];
  /** measured: solid; estimated: thin and dashed; now: ink and thick, the merge on the screen, always on top and never greyed. */
  readonly kind: 'measured' | 'estimated' | 'now';
}

/** Brushes by axis id. */
export type Ranges = Readonly<Record<string, readonly [number, number]>>;

export interface ParallelPlotProps {
  readonly axes: readonly ParallelAxis[];
  readonly lines: readonly ParallelLine[];
  readonly brushes: Ranges;
  /** Least accuracy by task axis id ("no task below 80 %"). */
  readonly floors: Readonly<Record<string, number>>;
  readonly hovered: string | undefined;
  /** Lines that stand out by a name. */
  readonly named?: readonly { readonly id: string; readonly name: string }[];
  onBrush(axis: string, range: readonly [number, number] | undefined): void;
  onFloor(axis: string, value: number | undefined): void;
  onHover(line: string | undefined): void;
  /** A line was clicked (or Enter): its merge is adopted. */
  onChoose(line: string): void;
}
