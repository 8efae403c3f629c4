/** What is offered to choose from the front on the screen. Whatever chooses looks at the calibration split. */
import { selectKeeper } from './kept.ts';
import { memo } from './memo.ts';
import { type Goal, selectGoals } from './objectives.ts';
import { bestOf, type Candidate, type Pick, picksOf } from './picks.ts';
import { measuredIn, samplesBehind } from './plotted.ts';
import { recipeAt } from './point-recipe.ts';
import { selectExploration, selectStudy } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { ParetoPoint, Preference, StudioState } from './state.ts';

export interface Choice {
  readonly picks: readonly Pick[];
  /** The front that they are taken from: it meets every limit. */
  readonly front: readonly Candidate[];
  readonly among: Preference['among'];
  /** Candidates that meet every limit, of how many. */
  readonly kept: number;
  readonly total: number;
  /** Samples behind the measured values, the fewest; 0 for estimates. */
  readonly n: number;
}

interface Field {
  readonly candidates: readonly Candidate[];
  readonly points: ReadonlyMap<string, ParetoPoint>;
  readonly best: readonly Candidate[];
}

const field = (
  candidates: readonly Candidate[],
  goals: readonly Goal[],
  points: readonly ParetoPoint[] = [],
): Field => ({
  candidates,
  points: new Map(points.map((point) => [point.mergeId, point])),
  best: bestOf(candidates, goals),
});

const selectMeasured = memo(
  (state: StudioState) => [state.points, selectStudy(state), selectGoals(state)],
  (points, study, goals): Field => {
    const own = points.filter((point) => point.study === study);
    return field(
      own.flatMap((point) => measuredCandidate(point, goals) ?? []),
      goals,
      own,
    );
  },
);

function measuredCandidate(point: ParetoPoint, goals: readonly Goal[]): Candidate | undefined {
  const values = measuredIn(point, 'calibration', goals).flatMap((value) => value ?? []);
  if (values.length < goals.length) return undefined;
  const n = samplesBehind(point.calibration, goals);
  return { id: point.mergeId, kind: 'measured', coefficients: point.coefficients, values, n };
}

const selectPredicted = memo(
  (state: StudioState) => [selectExploration(state), selectGoals(state)],
  (exploration, goals): Field =>
    field(
      (exploration?.goalFront ?? []).flatMap(({ coefficients, values }, i): readonly Candidate[] => {
        const own = goals.flatMap(({ objective }) => values[objective.id] ?? []);
        if (own.length < goals.length) return [];
        return [{ id: `predicted ${i}`, kind: 'predicted', coefficients, values: own, n: 0 }];
      }),
      goals,
    ),
);

export const selectChoice = memo(
  (state: StudioState) => [
    state.preference.among === 'measured' ? selectMeasured(state) : selectPredicted(state),
    selectGoals(state),
    selectKeeper(state),
    state.preference,
  ],
  ({ candidates, points, best }, goals, keeper, preference): Choice => {
    const keeps = ({ id, coefficients, values }: Candidate) => {
      const point = points.get(id);
      if (!keeper) return true;
      if (point) return keeper.measured(point, 'calibration');
      return keeper.predicted(
        coefficients,
        Object.fromEntries(goals.map(({ objective }, m) => [objective.id, values[m] ?? 0])),
      );
    };
    const kept = candidates.filter(keeps);
    const front = !keeper || keeper.floorsOnly ? best.filter(keeps) : bestOf(kept, goals);
    return {
      picks: picksOf(front, goals, preference),
      front,
      among: preference.among,
      kept: kept.length,
      total: candidates.length,
      n: candidates.length > 0 ? Math.min(...candidates.map(({ n }) => n)) : 0,
    };
  },
);

/** Sets the sliders to a candidate. */
export function adoptCandidate(state: StudioState, { id, kind, coefficients }: Candidate): void {
  const measured = state.points.find(({ mergeId }) => kind === 'measured' && mergeId === id);
  if (measured) state.adopt(measured.recipe);
  else if (state.recipe) {
    const recipe = recipeAt(state.recipe, coefficients, selectSpace(state));
    state.rememberPredictions([recipe]);
    state.adopt(recipe);
  }
}
