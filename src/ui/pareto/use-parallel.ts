import { useMemo } from 'react';
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
import { selectSpace } from '../../store/space.ts';
import type { StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { percent } from '../charts/format.ts';
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
  const space = useStudio(selectSpace);
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
    return {
      id: 'now',
      values: [...namedCoefficients(recipe, space).map(({ value }) => value), ...tasks.map(accuracy)],
    };
  }, [recipe, space, rows, tasks]);

  const still = useMemo(
    (): readonly ParallelLine[] => [
      ...measured.map((trace) => ({ ...trace, kind: 'measured' as const })),
      ...predicted.map((trace) => ({ ...trace, kind: 'estimated' as const })),
    ],
    [measured, predicted],
  );
  const text =
    recipe && JSON.stringify(dimensionsOf(recipe, [...measured, ...predicted, ...(now ? [now] : [])], space));
  const axes = useMemo(
    () => (text && card ? (JSON.parse(text) as Dimension[]).map((dimension) => axisOf(dimension, card)) : []),
    [text, card],
  );
  const lines = useMemo(() => (now ? [...still, { ...now, kind: 'now' as const }] : still), [still, now]);
  return { axes, lines };
}

function axisOf({ id, kind, symbol, expert, layers, domain }: Dimension, card: Card): ParallelAxis {
  const index = card.experts.findIndex((model) => model.id === expert);
  const own = card.experts[index]?.name ?? card.tasks.find((task) => task.id === expert)?.name ?? '';
  // Over a narrow axis the name breaks before its layers, not within them.
  const part = layers === undefined ? '' : ` · ${layers.replaceAll(' ', '\u00a0')}`;
  const name = kind === 'task' ? own : `${symbol} ${own}${part}`.trim();
  const format = kind === 'task' ? (value: number) => `${percent(value)} %` : (value: number) => value.toFixed(2);
  return { id, name, kind, domain, format, ...(index >= 0 && { expert: index }) };
}

/** Floors by axis, from floors by task. */
export const floorsByAxis = (floors: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(floors).map(([task, floor]) => [taskAxis(task), floor]));

/** The task of a task's axis. */
export const taskOfAxis = (axis: string, tasks: readonly string[]): string | undefined =>
  tasks.find((task) => taskAxis(task) === axis);
