import { useCallback, useMemo, useState } from 'react';
import { selectChoice } from '../../store/choice.ts';
import { openEnded, withinAxis } from '../../store/limits.ts';
import { selectAllGoals } from '../../store/objectives.ts';
import { taskAxis } from '../../store/parallel.ts';
import type { Split } from '../../store/plotted.ts';
import { recipeAt } from '../../store/point-recipe.ts';
import { selectSampled } from '../../store/sampled.ts';
import { selectExploration } from '../../store/selectors.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import type { ParallelPlotProps } from '../parallel/types.ts';
import { useCalm } from '../use-calm.ts';
import { RULES } from './rules.ts';
import { floorsByAxis, useParallel } from './use-parallel.ts';

/** Everything that a plot of all tasks shows, and what it does to the store. */
export function useParallelProps(split: Split): ParallelPlotProps {
  const { axes: plain, lines } = useParallel(split);
  const sampled = useStudio(selectSampled);
  const axes = useMemo(
    () =>
      plain.map((axis) => {
        const range = axis.kind === 'coefficient' ? sampled[axis.id] : undefined;
        return range ? { ...axis, sampled: range } : axis;
      }),
    [plain, sampled],
  );
  const kept = useStudio((state) => state.brushes);
  const brushes = useMemo(
    () =>
      Object.fromEntries(
        axes.flatMap(({ id, domain }) => (kept[id] ? [[id, withinAxis(kept[id], domain)] as const] : [])),
      ),
    [kept, axes],
  );
  const floors = useStudio((state) => state.floors);
  const byAxis = useMemo(() => floorsByAxis(floors), [floors]);
  const setBrush = useStudio((state) => state.setBrush);
  const setFloor = useStudio((state) => state.setFloor);
  const [hovered, onHover] = useState<string>();
  const { picks } = useCalm(selectChoice);
  const named = useMemo(() => {
    const names = new Map<string, string>();
    for (const { rule, candidate } of picks) {
      const known = names.get(candidate.id);
      names.set(candidate.id, known ? `${known} · ${RULES[rule].short}` : RULES[rule].short);
    }
    return [...names].map(([id, name]) => ({ id, name }));
  }, [picks]);
  const onBrush = (axis: string, range: readonly [number, number] | undefined) => {
    const domain = axes.find(({ id }) => id === axis)?.domain;
    setBrush(axis, range && domain ? openEnded(range, domain) : range);
  };
  const onFloor = useCallback(
    (axis: string, value: number | undefined) => {
      const goals = selectAllGoals(useStudio.getState());
      const goal = goals.find(({ objective }) => taskAxis(objective.id) === axis);
      if (goal) setFloor(goal.objective.id, value);
    },
    [setFloor],
  );
  return { axes, lines, brushes, floors: byAxis, hovered, named, onBrush, onFloor, onHover, onChoose: choose };
}

/** Takes over a measured merge, or one of the predicted front. */
function choose(id: string): void {
  const state = useStudio.getState();
  const predicted = selectExploration(state)?.goalFront[Number(id.replace('predicted ', ''))];
  const measured = state.points.find(({ mergeId }) => mergeId === id);
  if (measured) state.adopt(measured.recipe);
  else if (predicted && state.recipe) {
    const recipe = recipeAt(state.recipe, predicted.coefficients, selectSpace(state));
    state.rememberPredictions([recipe]);
    state.adopt(recipe);
  }
}
