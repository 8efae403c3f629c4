import { useMemo } from 'react';
import { isAccuracy, metricOf, type TaskMetric } from '../../store/metrics.ts';
import { type Pair, type PlotPoint, plotPoints, type Split } from '../../store/plotted.ts';
import { selectExploration, selectStudy, selectTaskRows, type TaskState } from '../../store/selectors.ts';
import type { StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { type Axis, axisAround, axisOver } from './plot-axis.ts';

type Card = NonNullable<StudioState['card']>;
type Scores = StudioState['averages'][string];

/** A model to compare with, on the full test split. */
export interface Reference {
  readonly id: string;
  readonly name: string;
  /** Index on the card; undefined for the base. */
  readonly expert?: number;
  readonly x: number;
  readonly y: number;
}

export interface Plot {
  readonly pair: Pair;
  readonly split: Split;
  readonly metrics: Metrics;
  readonly points: readonly PlotPoint[];
  /** Those within the axes. */
  readonly drawn: readonly PlotPoint[];
  readonly references: readonly Reference[];
  readonly x: Axis;
  readonly y: Axis;
}

export type Predicted = NonNullable<StudioState['exploration']>['front'][number];

const NO_FRONT: readonly Predicted[] = [];

/** The predicted front of the study on the screen. Estimated. */
export const useFront = (): readonly Predicted[] => useStudio((state) => selectExploration(state)?.front ?? NO_FRONT);

/** How the values of the two tasks are written. */
export type Metrics = readonly [TaskMetric, TaskMetric];

export function useMetrics(pair: Pair | undefined): Metrics {
  const elsewhere = useStudio((state) => state.elsewhere);
  return useMemo(() => [metricOf({ elsewhere }, pair?.[0]), metricOf({ elsewhere }, pair?.[1])], [elsewhere, pair]);
}

/** Everything that stands still while a slider moves; the star follows by itself. */
export function usePlot(split: Split): Plot | undefined {
  const card = useStudio((state) => state.card);
  const pair = useStudio((state) => state.view?.pair);
  const all = useStudio((state) => state.points);
  const front = useFront();
  const study = useStudio(selectStudy) ?? undefined;
  const average = useStudio((state) => state.averages[state.recipe?.experts.join() ?? '']);
  const still = useMemo(() => {
    if (!card || !pair) return undefined;
    const points = plotPoints(all, pair, split, study);
    const references = referencesOf(card, pair, average);
    return { pair, points, references, kept: [...references, ...front, ...points.filter((point) => point.best)] };
  }, [card, pair, all, front, split, study, average]);
  const metrics = useMetrics(pair);
  const x = useAxis('x', still, metrics[0]);
  const y = useAxis('y', still, metrics[1]);
  return useMemo(() => {
    if (!still || !x || !y) return undefined;
    const { points, references } = still;
    const drawn = points.filter((point) => point.x >= x.domain[0] && point.y >= y.domain[0]);
    return { pair: still.pair, split, metrics, points, drawn, references, x, y };
  }, [still, split, metrics, x, y]);
}

interface Still {
  readonly pair: Pair;
  readonly points: readonly PlotPoint[];
  readonly kept: readonly { readonly x: number; readonly y: number }[];
}

/** An axis that also holds the merge on the screen. It stays the same object until that merge leaves it. */
function useAxis(axis: 'x' | 'y', still: Still | undefined, metric: TaskMetric): Axis | undefined {
  const text = useStudio(({ measurement }) => {
    if (!still) return undefined;
    const now = share(measurement?.test[still.pair[axis === 'x' ? 0 : 1]]);
    const kept = still.kept.map((place) => place[axis]).concat(now ?? []);
    const others = still.points.map((point) => point[axis]);
    return JSON.stringify(isAccuracy(metric) ? axisOver(kept, others) : axisAround([...kept, ...others]));
  });
  return useMemo(() => (text === undefined ? undefined : (JSON.parse(text) as Axis)), [text]);
}

const share = (score: { readonly correct: number; readonly n: number } | undefined) =>
  score && score.n > 0 ? score.correct / score.n : undefined;

function referencesOf(card: Card, pair: Pair, average: Scores | undefined): readonly Reference[] {
  const place = (model: string) => pair.map((task) => share(card.accuracy[model]?.[task]?.at(-1)));
  const entry = (id: string, name: string, expert?: number, at = place(id)): readonly Reference[] => {
    const [x, y] = at;
    if (x === undefined || y === undefined) return [];
    return [{ id, name, x, y, ...(expert === undefined ? {} : { expert }) }];
  };
  const experts = pair.flatMap((task) => {
    const index = card.experts.findIndex((expert) => expert.id === task);
    return entry(task, card.experts[index]?.name ?? task, index);
  });
  const mean = entry(
    'average',
    'average',
    undefined,
    pair.map((task) => share(average?.[task])),
  );
  return [...entry('base', 'base'), ...mean, ...experts];
}

export interface Star {
  readonly x: number;
  readonly y: number;
  readonly state: TaskState;
}

/** The merge on the screen, on the test split or estimated. */
export function useStar(pair: Pair): Star | undefined {
  const rows = useStudio(selectTaskRows);
  return useMemo(() => {
    const [a, b] = pair.map((task) => rows.find((row) => row.task === task));
    if (!a || !b || a.accuracy === null || b.accuracy === null) return undefined;
    const states = [a.state, b.state];
    const state = states.find((each) => each !== 'measured') ?? 'measured';
    return { x: a.accuracy, y: b.accuracy, state };
  }, [rows, pair]);
}
