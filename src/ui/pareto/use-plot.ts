import { useMemo } from 'react';
import { selectNow } from '../../store/now.ts';
import { type Goal, measuredGoal, selectPairGoals } from '../../store/objectives.ts';
import { type PlotPoint, plotPoints, type Split } from '../../store/plotted.ts';
import { selectExploration, selectStudy, type TaskState } from '../../store/selectors.ts';
import type { Explored, PredictedPoint, StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { type Axis, axisAround, axisOver } from './plot-axis.ts';
import { isMinimised } from './units.ts';
import { type Compared, useCompared } from './use-compared.ts';

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
  /** Of the horizontal and of the vertical axis. */
  readonly goals: readonly Goal[];
  readonly split: Split;
  readonly points: readonly PlotPoint[];
  /** Those within the axes. */
  readonly drawn: readonly PlotPoint[];
  readonly references: readonly Reference[];
  /** What the measured points are compared with. */
  readonly compared: readonly Compared[];
  readonly x: Axis;
  readonly y: Axis;
}

/** An estimated merge at its place in the plot. */
export interface Predicted {
  readonly coefficients: readonly number[];
  readonly x: number;
  readonly y: number;
}

const NOBODY: readonly Predicted[] = [];

/** Estimated merges at their places, for the goals of the two axes. */
export function usePlaced(select: (explored: Explored) => readonly PredictedPoint[] | undefined): readonly Predicted[] {
  const points = useStudio((state) => {
    const explored = selectExploration(state);
    return explored && state.view?.goals === 'pair' ? select(explored) : undefined;
  });
  const goals = useStudio(selectPairGoals);
  return useMemo(() => (points ? placed(points, goals) : NOBODY), [points, goals]);
}

/** Points without a value for one of the goals belong to a pair that was left meanwhile. */
export function placed(points: readonly PredictedPoint[], goals: readonly Goal[]): readonly Predicted[] {
  return points.flatMap(({ coefficients, values }) => {
    const [x, y] = goals.map(({ objective }) => values[objective.id]);
    return x === undefined || y === undefined ? [] : [{ coefficients, x, y }];
  });
}

/** The predicted front of the study on the screen. Estimated. */
export const useFront = (): readonly Predicted[] => usePlaced((explored) => explored.goalFront);

/** Everything that stands still while a slider moves; the star follows by itself. */
export function usePlot(split: Split): Plot | undefined {
  const card = useStudio((state) => state.card);
  const goals = useStudio(selectPairGoals);
  const all = useStudio((state) => state.points);
  const front = useFront();
  const study = useStudio(selectStudy) ?? undefined;
  const experts = useStudio((state) => state.recipe?.experts);
  const average = useStudio((state) => state.averages[state.recipe?.experts.join() ?? '']);
  const compared = useCompared(goals, split);
  const still = useMemo(() => {
    if (!card || !experts || goals.length < 2) return undefined;
    const points = plotPoints(all, goals, split, study);
    const references = referencesOf(card, experts, goals, average);
    const best = [...points, ...compared.flatMap((set) => set.points)].filter((point) => point.best);
    return { goals, points, references, compared, kept: [...references, ...front, ...best] };
  }, [card, experts, goals, all, front, split, study, average, compared]);
  const x = useAxis('x', still);
  const y = useAxis('y', still);
  return useMemo(() => {
    if (!still || !x || !y) return undefined;
    const { points, references, compared } = still;
    const drawn = points.filter((point) => reaches(x, point.x) && reaches(y, point.y));
    return { goals: still.goals, split, points, drawn, references, compared, x, y };
  }, [still, split, x, y]);
}

/** Not beyond the end of the axis where the weak merges are. */
export const reaches = ({ domain, reversed }: Axis, value: number) =>
  reversed ? value <= domain[1] : value >= domain[0];

interface Still {
  readonly goals: readonly Goal[];
  readonly points: readonly PlotPoint[];
  readonly kept: readonly { readonly x: number; readonly y: number }[];
}

/** An axis that also holds the merge on the screen. It stays the same object until that merge leaves it. */
function useAxis(axis: 'x' | 'y', still: Still | undefined): Axis | undefined {
  const text = useStudio(({ measurement }) => {
    const goal = still?.goals[axis === 'x' ? 0 : 1];
    if (!still || !goal) return undefined;
    const now = measurement ? measuredGoal(goal, measurement.test, measurement.info) : undefined;
    const kept = still.kept.map((place) => place[axis]).concat(now ?? []);
    const others = still.points.map((point) => point[axis]);
    const natural = goal.unit === 'share' && !isMinimised(goal);
    return JSON.stringify(natural ? axisOver(kept, others) : axisAround(kept, others, isMinimised(goal)));
  });
  return useMemo(() => (text === undefined ? undefined : (JSON.parse(text) as Axis)), [text]);
}

/** Base, uniform average and the experts of the axes, where the card or a measurement has their scores. */
function referencesOf(
  card: Card,
  experts: readonly string[],
  goals: readonly Goal[],
  average: Scores | undefined,
): readonly Reference[] {
  const onCard = (model: string): Scores =>
    Object.fromEntries(
      experts.flatMap((task) => {
        const score = card.accuracy[model]?.[task]?.at(-1);
        return score ? [[task, score] as const] : [];
      }),
    );
  const entry = (id: string, name: string, scores: Scores, expert?: number): readonly Reference[] => {
    const [x, y] = goals.map((goal) => measuredGoal(goal, scores));
    if (x === undefined || y === undefined) return [];
    return [{ id, name, x, y, ...(expert === undefined ? {} : { expert }) }];
  };
  const named = goals.flatMap(({ id }) => {
    const index = card.experts.findIndex((expert) => expert.id === id);
    const expert = card.experts[index];
    return expert ? entry(id, expert.name, onCard(id), index) : [];
  });
  return [...entry('base', 'base', onCard('base')), ...(average ? entry('average', 'average', average) : []), ...named];
}

export interface Star {
  readonly x: number;
  readonly y: number;
  readonly state: TaskState;
}

/** The merge on the screen, on the test split or estimated. */
export function useStar(): Star | undefined {
  const goals = useStudio(selectPairGoals);
  const now = useStudio(selectNow);
  return useMemo(() => {
    const [x, y] = goals.map((goal) => now(goal));
    if (!x || !y) return undefined;
    const state = [x.state, y.state].find((each) => each !== 'measured') ?? 'measured';
    return { x: x.value, y: y.value, state };
  }, [goals, now]);
}
