/**
 * Takes the points of the study on the screen away as a file: measured and predicted ones kept apart, and those of a comparison
 * named as such. Comparisons by another method have other coefficients and stay here.
 */
import type { PredictedPoint } from '../client/protocol.ts';
import type { Space } from '../formats/coefficients.ts';
import type { PointRow } from '../formats/points.ts';
import { writePointsCsv } from '../formats/points-csv.ts';
import { writePointsJson } from '../formats/points-json.ts';
import type { Recipe } from '../formats/recipe.ts';
import { type Outcomes, outcomeValue } from '../pareto/point.ts';
import { metricsOf } from '../pareto/surrogate/objective.ts';
import { selectComparisons } from './comparison-views.ts';
import { COMPARISON_NAMES } from './comparisons.ts';
import { selectGoals } from './objectives.ts';
import type { Split } from './plotted.ts';
import { namedCoefficients } from './point-recipe.ts';
import { selectExploration, selectStudy } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { ParetoPoint, StudioState } from './state.ts';

export type PointsFormat = 'csv' | 'json';

export interface PointsFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

const TYPES: Readonly<Record<PointsFormat, string>> = { csv: 'text/csv', json: 'application/json' };

/** The file, or undefined while there is nothing to take away. Measured values are those of the split. */
export function pointsFile(state: StudioState, split: Split, format: PointsFormat): PointsFile | undefined {
  const { recipe, points } = state;
  const study = selectStudy(state);
  if (!recipe || study === null) return undefined;
  const own = points.filter((point) => point.study === study);
  const tasks = columnsOf(state, recipe.experts);
  const rows = [
    ...own.map((point) => measuredRow(point, split, tasks, predictionOf(state, point, split))),
    ...selectComparisons(state).flatMap(({ id, points: compared }) =>
      compared
        .filter((point) => point.study === study)
        .map((point) => ({ ...measuredRow(point, split, tasks), source: COMPARISON_NAMES[id] })),
    ),
    ...(selectExploration(state)?.goalFront ?? []).map(predictedRow),
  ];
  if (rows.length === 0) return undefined;
  const table = { coefficients: coefficientNames(recipe, selectSpace(state)), tasks, rows };
  const text = format === 'csv' ? writePointsCsv(table) : writePointsJson(table);
  return { name: `points-${split}.${format}`, type: TYPES[format], text };
}

/** Accuracies, and besides them the losses or the norm of the change where those are looked at. */
function columnsOf(state: StudioState, experts: readonly string[]): readonly string[] {
  const metrics = selectGoals(state).flatMap(({ objective }) => metricsOf(objective));
  return [...new Set([...experts, ...metrics])];
}

/** As in a merge plan: the expert's name, `digits@2` for its second group of layers, or the control's where it belongs to none. */
export const coefficientNames = (recipe: Recipe, space: Space): string[] =>
  namedCoefficients(recipe, space).map(({ id }) => id);

/** What was predicted of a measured merge: surrogates choose on calibration, so there is nothing to say of the test split. */
const predictionOf = ({ predictions }: StudioState, { mergeId }: ParetoPoint, split: Split) =>
  split === 'calibration' ? predictions[mergeId] : undefined;

function measuredRow(
  point: ParetoPoint,
  split: Split,
  tasks: readonly string[],
  predicted?: PointRow['estimated'],
): PointRow {
  return {
    line: 0,
    coefficients: point.coefficients,
    scores: scoresOf(point[split], tasks),
    estimated: predicted ?? {},
    kind: predicted ? 'predicted-then-measured' : 'measured',
    source: point.mergeId,
  };
}

function scoresOf(outcomes: Outcomes, tasks: readonly string[]): PointRow['scores'] {
  return Object.fromEntries(
    tasks.flatMap((task) => {
      const outcome = outcomes[task];
      if (!outcome) return [];
      const value = outcomeValue(outcome);
      return [[task, { value, ...(outcome.n !== undefined && { n: outcome.n }) }]];
    }),
  );
}

function predictedRow({ coefficients, values }: PredictedPoint): PointRow {
  return { line: 0, coefficients, scores: {}, estimated: values, kind: 'estimated', source: 'predicted front' };
}
