/** What is offered to choose from the front on the screen. Whatever chooses looks at the calibration split. */
import { samplesOf } from '../pareto/point.ts';
import { selectGoals, selectKeeper } from './kept.ts';
import { memo } from './memo.ts';
import { bestOf, type Candidate, type Pick, picksOf } from './picks.ts';
import { measuredValue } from './plotted.ts';
import { recipeAt } from './point-recipe.ts';
import { selectExploration, selectStudy } from './selectors.ts';
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

const field = (candidates: readonly Candidate[], points: readonly ParetoPoint[] = []): Field => ({
  candidates,
  points: new Map(points.map((point) => [point.mergeId, point])),
  best: bestOf(candidates),
});

const selectMeasured = memo(
  (state: StudioState) => [state.points, selectStudy(state), selectGoals(state)],
  (points, study, goals): Field => {
    const own = points.filter((point) => point.study === study);
    return field(
      own.flatMap((point) => measuredCandidate(point, goals) ?? []),
      own,
    );
  },
);

function measuredCandidate(point: ParetoPoint, goals: readonly string[]): Candidate | undefined {
  const values = goals.flatMap((goal) => measuredValue(point, 'calibration', goal) ?? []);
  if (values.length < goals.length) return undefined;
  const n = Math.min(...goals.map((goal) => samplesOf(point.calibration[goal])));
  return { id: point.mergeId, kind: 'measured', coefficients: point.coefficients, values, n };
}

const selectPredicted = memo(
  (state: StudioState) => [selectExploration(state), selectGoals(state), state.view?.goals],
  (exploration, goals, mode): Field => {
    const values =
      mode === 'all'
        ? (exploration?.goalFront ?? []).map((point) => ({
            coefficients: point.coefficients,
            values: goals.map((goal) => point.accuracy[goal] ?? 0),
          }))
        : (exploration?.front ?? []).map(({ coefficients, x, y }) => ({ coefficients, values: [x, y] }));
    return field(values.map((each, i) => ({ ...each, id: `predicted ${i}`, kind: 'predicted', n: 0 })));
  },
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
      return keeper.predicted(coefficients, Object.fromEntries(goals.map((goal, m) => [goal, values[m] ?? 0])));
    };
    const kept = candidates.filter(keeps);
    const front = !keeper || keeper.floorsOnly ? best.filter(keeps) : bestOf(kept);
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
  else if (state.recipe) state.adopt(recipeAt(state.recipe, coefficients));
}
