/** The marks in the plot of a node, and where they lie. Pure. */
import type { StudioState } from '../../store/state.ts';
import { type Axis, axisOver } from '../pareto/plot-axis.ts';

type Status = NonNullable<StudioState['nested']>;
export type DrawnNode = Status['nodes'][number];
export type DrawnPoint = DrawnNode['samples'][number];

export interface NodeMark {
  readonly key: string;
  readonly point: DrawnPoint;
  readonly kind: 'sample' | 'front' | 'predicted' | 'measured';
}

/** What can be pointed at; of marks on one place the last counts. */
export function marksOf({ samples, front, pick }: DrawnNode): readonly NodeMark[] {
  const marks = (kind: NodeMark['kind'], points: readonly DrawnPoint[]) =>
    points.map((point, i) => ({ key: `${kind} ${i}`, point, kind }));
  return [
    ...marks('front', front),
    ...marks('sample', samples),
    ...marks('predicted', pick ? [pick.predicted] : []),
    ...marks('measured', pick?.measured ? [pick.measured] : []),
  ];
}

/** Axes that hold the front and the pick; of the merges the worst may lie below. */
export function axesOf({ samples, front, pick }: DrawnNode): { readonly x: Axis; readonly y: Axis } {
  const kept = [...front, ...(pick ? [pick.predicted, pick.measured ?? pick.predicted] : [])];
  const axis = (of: (point: DrawnPoint) => number) =>
    axisOver((kept.length > 0 ? kept : samples).map(of), samples.map(of));
  return { x: axis(({ x }) => x), y: axis(({ y }) => y) };
}

/** Numbers that fit beside each other in so many pixels, each taking some: all, or first and last. */
export function shownTicks({ ticks }: Axis, room: number, each: number): readonly number[] {
  return ticks.length * each <= room ? ticks : [ticks[0] ?? 0, ticks.at(-1) ?? 1];
}

export const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
