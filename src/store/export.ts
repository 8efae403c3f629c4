/** Takes the points of the study on the screen away as a file, measured and predicted ones kept apart. */
import type { Exploration } from '../client/protocol.ts';
import type { PointRow } from '../formats/points.ts';
import { writePointsCsv } from '../formats/points-csv.ts';
import { writePointsJson } from '../formats/points-json.ts';
import type { Recipe } from '../formats/recipe.ts';
import { type Outcomes, outcomeValue } from '../pareto/point.ts';
import { metricOf, turned } from './metrics.ts';
import type { Split } from './plotted.ts';
import { namedCoefficients } from './point-recipe.ts';
import { selectExploration, selectStudy } from './selectors.ts';
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
  const rows = [
    ...own.map((point) => measuredRow(point, split, recipe.experts, state)),
    ...(selectExploration(state)?.goalFront ?? []).map((point) => predictedRow(point, state)),
  ];
  if (rows.length === 0) return undefined;
  const table = { coefficients: coefficientNames(recipe), tasks: recipe.experts, rows };
  const text = format === 'csv' ? writePointsCsv(table) : writePointsJson(table);
  return { name: `points-${split}.${format}`, type: TYPES[format], text };
}

/** As in a merge plan: the expert's name, or the control's where it belongs to none. */
export const coefficientNames = (recipe: Recipe): string[] =>
  namedCoefficients(recipe).map(({ key, expert }) => expert ?? key);

/** Measurements from elsewhere leave as they came: see `TaskMetric`. */
type Metrics = Pick<StudioState, 'elsewhere'>;

function measuredRow(point: ParetoPoint, split: Split, tasks: readonly string[], metrics: Metrics): PointRow {
  return {
    line: 0,
    coefficients: point.coefficients,
    scores: scoresOf(point[split], tasks, metrics),
    estimated: {},
    kind: 'measured',
    source: point.mergeId,
  };
}

function scoresOf(outcomes: Outcomes, tasks: readonly string[], metrics: Metrics): PointRow['scores'] {
  return Object.fromEntries(
    tasks.flatMap((task) => {
      const outcome = outcomes[task];
      if (!outcome) return [];
      const value = turned(metricOf(metrics, task), outcomeValue(outcome));
      return [[task, { value, ...(outcome.n !== undefined && { n: outcome.n }) }]];
    }),
  );
}

function predictedRow({ coefficients, accuracy }: Exploration['goalFront'][number], metrics: Metrics): PointRow {
  const estimated = Object.fromEntries(
    Object.entries(accuracy).map(([task, value]) => [task, turned(metricOf(metrics, task), value)]),
  );
  return { line: 0, coefficients, scores: {}, estimated, kind: 'estimated', source: 'predicted front' };
}
