import { useMemo } from 'react';
import { selectNow } from '../../store/now.ts';
import { type Goal, selectAllGoals } from '../../store/objectives.ts';
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
import { selectExploration, selectGeneration, selectStudy } from '../../store/selectors.ts';
import { selectSpace } from '../../store/space.ts';
import type { StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import type { ParallelAxis, ParallelLine } from '../parallel/types.ts';
import { goalName, isMinimised, valueWithUnit } from './units.ts';

type Card = NonNullable<StudioState['card']>;

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
  const at = useStudio(selectNow);
  const goals = useStudio(selectAllGoals);
  const generation = useStudio(selectGeneration);
  const space = useStudio(selectSpace);

  const measured = useMemo(() => measuredTraces(points, study, split, goals), [points, study, split, goals]);
  const predicted = useMemo(
    () => predictedTraces(generation?.points ?? exploration?.goalFront ?? [], goals),
    [generation, exploration, goals],
  );
  const now = useMemo((): Trace | undefined => {
    if (!recipe) return undefined;
    const values = goals.map((goal) => at(goal)?.value);
    return { id: 'now', values: [...namedCoefficients(recipe, space).map(({ value }) => value), ...values] };
  }, [recipe, space, at, goals]);

  const still = useMemo(
    (): readonly ParallelLine[] => [
      ...measured.map((trace) => ({ ...trace, kind: 'measured' as const })),
      ...predicted.map((trace) => ({ ...trace, kind: 'estimated' as const })),
    ],
    [measured, predicted],
  );
  const text =
    recipe && JSON.stringify(dimensionsOf(recipe, goals, [...measured, ...predicted, ...(now ? [now] : [])], space));
  const axes = useMemo(
    () => (text && card ? (JSON.parse(text) as Dimension[]).map((dimension) => axisOf(dimension, card, goals)) : []),
    [text, card, goals],
  );
  const lines = useMemo(() => (now ? [...still, { ...now, kind: 'now' as const }] : still), [still, now]);
  return { axes, lines };
}

function axisOf(
  { id, kind, symbol, expert, layers, unit, domain }: Dimension,
  card: Card,
  goals: readonly Goal[],
): ParallelAxis {
  const index = card.experts.findIndex((model) => model.id === expert);
  const goal = kind === 'coefficient' ? undefined : goals.find((each) => each.id === expert);
  const own = card.experts[index]?.name ?? '';
  // Over a narrow axis the name breaks before its layers, not within them.
  const part = layers === undefined ? '' : ` · ${layers.replaceAll(' ', '\u00a0')}`;
  const name = goal ? `${goalName(goal)}${isMinimised(goal) ? ' ↓' : ''}` : `${symbol} ${own}${part}`.trim();
  // More decimals where a whole axis is narrower than a hundredth.
  const decimals = Math.max(2, 2 + Math.ceil(-Math.log10(domain[1] - domain[0])));
  const format = (value: number) => (unit ? valueWithUnit(unit, value) : value.toFixed(decimals));
  const typed = { ...(unit === 'share' && { factor: 100 }), ...(goal && isMinimised(goal) && { turned: true }) };
  return { id, name, kind, domain, format, ...typed, ...(index >= 0 && { expert: index }) };
}

/** Floors by axis, from floors by task. */
export const floorsByAxis = (floors: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(floors).map(([task, floor]) => [taskAxis(task), floor]));
