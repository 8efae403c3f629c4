import { useMemo } from 'react';
import { selectComparisons } from '../../store/comparison-views.ts';
import { COMPARISON_NAMES, offered } from '../../store/comparisons.ts';
import type { Goal } from '../../store/objectives.ts';
import { type PlotPoint, plotPoints, type Split } from '../../store/plotted.ts';
import type { Comparison, StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';

/** A comparison at its place in the plot of two goals. */
export interface Compared {
  readonly id: Comparison['id'];
  readonly name: string;
  /** In the order of measuring; `best` is said within the comparison. */
  readonly points: readonly PlotPoint[];
  /** Whether each merge lies between its neighbours: a line may join them. */
  readonly joined: boolean;
}

/** The comparisons of the mix on the screen that are to be drawn. */
export function useCompared(goals: readonly Goal[], split: Split): readonly Compared[] {
  const comparisons = useStudio(selectComparisons);
  const hidden = useStudio((state) => state.hidden);
  const card = useStudio((state) => state.card);
  return useMemo(() => {
    if (!card || goals.length < 2) return [];
    return comparisons.flatMap((comparison) =>
      hidden.includes(comparison.id) ? [] : (placed(comparison, card, goals, split) ?? []),
    );
  }, [comparisons, hidden, card, goals, split]);
}

type Card = NonNullable<StudioState['card']>;

function placed(comparison: Comparison, card: Card, goals: readonly Goal[], split: Split): Compared | undefined {
  const { id } = comparison;
  const merges = offered(comparison, card);
  const [first] = merges;
  if (!first) return undefined;
  const places = new Map(plotPoints(merges, goals, split, first.study).map((place) => [place.point.mergeId, place]));
  const points = merges.flatMap(({ mergeId }) => places.get(mergeId) ?? []);
  const joined = id === 'shared' || (id === 'soups' && first.recipe.experts.length === 2);
  return { id, name: COMPARISON_NAMES[id], points, joined };
}
