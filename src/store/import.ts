/** Measured merges from a file as points of the study on the screen: what was taken away here, or measured elsewhere. */

import type { Scores } from '../formats/card.ts';
import { mergeId } from '../formats/merge-id.ts';
import { isInUnit, type PointRow, type PointsTable, problemInWords, scoreOf } from '../formats/points.ts';
import type { Outcomes } from '../pareto/point.ts';
import { CHANGE_KEY, lossKey } from '../pareto/surrogate/objective.ts';
import { catalogue } from './catalogue.ts';
import { withComparison } from './comparison-plan.ts';
import { COMPARISON_NAMES, COMPARISONS, comparisonScope } from './comparisons.ts';
import { coefficientNames } from './export.ts';
import type { Split } from './plotted.ts';
import { recipeAt } from './point-recipe.ts';
import { selectStudy } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { Comparison, ParetoPoint, StudioState } from './state.ts';

/** Stands for the samples behind an accuracy that does not tell them. */
const UNTOLD_SAMPLES = 100;

export interface Imported {
  readonly points: readonly ParetoPoint[];
  /** Rows that name a comparison as their source: they are no points, as they were none where they were measured. */
  readonly comparisons: readonly Comparison[];
  /** By merge id, as in the store. */
  readonly predictions: StudioState['predictions'];
  /** What was left out or assumed, a sentence each, with its line. */
  readonly notes: readonly string[];
}

/** Whether a table is about the mix on the screen: its coefficients, and at least one of its tasks. */
export function fitsMix(
  state: Pick<StudioState, 'recipe' | 'card' | 'view'>,
  { coefficients, tasks }: PointsTable,
): boolean {
  const { recipe, card } = state;
  if (!recipe || !card) return false;
  const names = coefficientNames(recipe, selectSpace(state));
  const same = names.length === coefficients.length && names.every((name) => coefficients.includes(name));
  return same && tasks.some((task) => recipe.experts.includes(task));
}

/**
 * Points of the study on the screen from a table that fits it, on the named split. Rows that are estimates are not taken: only
 * what was measured is a point.
 */
export function importTable(
  state: StudioState,
  split: Split,
  file: { readonly name: string; readonly table: PointsTable },
): Imported {
  const { recipe, card } = state;
  const study = selectStudy(state);
  const space = selectSpace(state);
  if (!recipe || !card || study === null) return nothing(['Open a mix of experts first.']);
  const { table } = file;
  const problems = table.problems.map((problem) => `${file.name}, ${problemInWords(table, problem)}`);
  const names = coefficientNames(recipe, space);
  const places = names.map((name) => table.coefficients.indexOf(name));
  const measured = table.rows.filter(({ kind }) => kind !== 'estimated');
  const left: string[] = [];
  const further = [...recipe.experts.map(lossKey), CHANGE_KEY];
  const rows = measured.flatMap((row): Taken[] => {
    const where = `${file.name}, ${problemInWords(table, { line: row.line, message: '', effect: 'note' })}`;
    const coefficients = places.map((place) => row.coefficients[place] ?? Number.NaN);
    const own = recipeAt(recipe, coefficients, space);
    const scores = scoresOf(row, recipe.experts);
    if (!scores) {
      left.push(`${where}accuracies must lie between 0 and 1; the row is left out.`);
      return [];
    }
    const id = mergeId(own, catalogue, card);
    const both = { calibration: {}, test: {}, [split]: { ...scores, ...valuesOf(row, further) } };
    return [{ row, point: { mergeId: id, recipe: own, study, coefficients, ...both, source: 'file' } }];
  });
  const untold = measured.some((row) => recipe.experts.some((task) => scoreOf(row, task) && !scoreOf(row, task)?.n));
  const assumed = untold
    ? [`${file.name}: some accuracies do not tell their samples; ${UNTOLD_SAMPLES} are assumed.`]
    : [];
  const comparisons = COMPARISONS.flatMap((id) => {
    const own = rows.filter(({ row }) => row.source === COMPARISON_NAMES[id]).map(({ point }) => point);
    return own.length > 0 ? [{ id, scope: comparisonScope(id, recipe, study), points: own }] : [];
  });
  const compared = new Set<string | undefined>(Object.values(COMPARISON_NAMES));
  const points = rows.flatMap(({ row, point }) => (compared.has(row.source) ? [] : [point]));
  const predicted = rows.filter(({ row }) => row.kind === 'predicted-then-measured');
  const predictions = Object.fromEntries(predicted.map(({ row, point }) => [point.mergeId, row.estimated]));
  return { points, comparisons, predictions, notes: [...problems, ...left, ...assumed] };
}

interface Taken {
  readonly row: PointRow;
  readonly point: ParetoPoint;
}

const nothing = (notes: readonly string[]): Imported => ({ points: [], comparisons: [], predictions: {}, notes });

/** The state with all that a file brought; what was measured here stays. */
export function withImported(state: StudioState, { comparisons, predictions }: Imported): Partial<StudioState> {
  const known = (each: Comparison) =>
    state.comparisons.some(({ id, scope, points }) => id === each.id && scope === each.scope && points.length > 0);
  return {
    comparisons: comparisons.filter((each) => !known(each)).reduce(withComparison, state.comparisons),
    predictions: { ...predictions, ...state.predictions },
  };
}

/** Losses and norms, which have no natural bounds. */
function valuesOf(row: PointRow, metrics: readonly string[]): Outcomes {
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      const score = scoreOf(row, metric);
      if (!score) return [];
      return [[metric, { value: score.value, ...(score.n !== undefined && { n: score.n }) }]];
    }),
  );
}

function scoresOf(row: PointRow, tasks: readonly string[]): Scores | undefined {
  const scores = tasks.flatMap((task) => {
    const score = scoreOf(row, task);
    return score ? [{ task, ...score }] : [];
  });
  if (!scores.every(({ value }) => isInUnit(value))) return undefined;
  return Object.fromEntries(
    scores.map(({ task, value, n = UNTOLD_SAMPLES }) => [task, { correct: value * n, n }] as const),
  );
}
