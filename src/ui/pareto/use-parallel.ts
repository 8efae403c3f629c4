import { useMemo } from 'react';
import { inFull, isAccuracy, metricOf, type TaskMetric } from '../../store/metrics.ts';
import {
  type Dimension,
  dimensionsOf,
  measuredTraces,
  predictedTraces,
  type Trace,
  taskAxis,
} from '../../store/parallel.ts';
import type { Split } from '../../store/plotted.ts';
import { namedCoefficients } from '../../store/point-recipe.ts';
import { selectExploration, selectStudy, selectTaskRows } from '../../store/selectors.ts';
import type { StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import type { ParallelAxis, ParallelLine } from '../parallel/types.ts';

type Card = NonNullable<StudioState['card']>;

const NOBODY: readonly string[] = [];

export interface Parallel {
  readonly axes: readonly ParallelAxis[];
  /** Measured, predicted and, last, the merge on the screen. */
  readonly lines: readonly ParallelLine[];
}

/** Lines of the study on the screen; the merge on the screen moves with the sliders, the others stand still. */
export function useParallel(split: Split): Parallel {
  const card = useStudio((state) => state.card);
  const recipe = useStudio((state) => state.recipe);
  const points = useStudio((state) => state.points);
  const study = useStudio(selectStudy);
  const exploration = useStudio(selectExploration);
  const rows = useStudio(selectTaskRows);
  // The experts stay the same array while a slider moves.
  const tasks = recipe?.experts ?? NOBODY;

  const measured = useMemo(() => measuredTraces(points, study, split, tasks), [points, study, split, tasks]);
  const predicted = useMemo(
    () => (exploration ? predictedTraces(exploration.goalFront, tasks) : []),
    [exploration, tasks],
  );
  const now = useMemo((): Trace | undefined => {
    if (!recipe) return undefined;
    const accuracy = (task: string) => rows.find((row) => row.task === task)?.accuracy ?? undefined;
    return { id: 'now', values: [...namedCoefficients(recipe).map(({ value }) => value), ...tasks.map(accuracy)] };
  }, [recipe, rows, tasks]);

  const still = useMemo(
    (): readonly ParallelLine[] => [
      ...measured.map((trace) => ({ ...trace, kind: 'measured' as const })),
      ...predicted.map((trace) => ({ ...trace, kind: 'estimated' as const })),
    ],
    [measured, predicted],
  );
  const elsewhere = useStudio((state) => state.elsewhere);
  const traces = [...measured, ...predicted, ...(now ? [now] : [])];
  const unbounded = (task: string) => !isAccuracy(metricOf({ elsewhere }, task));
  const text = recipe && JSON.stringify(dimensionsOf(recipe, traces, unbounded));
  const axes = useMemo(
    () =>
      text && card
        ? (JSON.parse(text) as Dimension[]).map((dimension) =>
            axisOf(dimension, card, metricOf({ elsewhere }, dimension.expert)),
          )
        : [],
    [text, card, elsewhere],
  );
  const lines = useMemo(() => (now ? [...still, { ...now, kind: 'now' as const }] : still), [still, now]);
  return { axes, lines };
}

function axisOf({ id, kind, symbol, expert, domain }: Dimension, card: Card, metric: TaskMetric): ParallelAxis {
  const index = card.experts.findIndex((model) => model.id === expert);
  const own = card.experts[index]?.name ?? card.tasks.find((task) => task.id === expert)?.name ?? '';
  const name = kind === 'task' ? `${own}${metric.smaller ? ' ↓' : ''}` : `${symbol} ${own}`.trim();
  const format =
    kind === 'task' ? (value: number) => inFull(metric, value) : (value: number) => value.toFixed(decimalsOf(domain));
  const turned = kind === 'task' && metric.smaller;
  return { id, name, kind, domain, format, ...(turned && { turned }), ...(index >= 0 && { expert: index }) };
}

/** Two, and more where a whole axis is narrower than a hundredth. */
const decimalsOf = ([low, high]: readonly [number, number]) => Math.max(2, 2 + Math.ceil(-Math.log10(high - low)));

/** Floors by axis, from floors by task. */
export const floorsByAxis = (floors: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(floors).map(([task, floor]) => [taskAxis(task), floor]));

/** The task of a task's axis. */
export const taskOfAxis = (axis: string, tasks: readonly string[]): string | undefined =>
  tasks.find((task) => taskAxis(task) === axis);
