/** Measurements from elsewhere as what the page explores: points of one study, with the metric of every task. */
import { COEFFICIENTS_ONLY } from '../../formats/coefficients.ts';
import { mergeId } from '../../formats/merge-id.ts';
import { isShare, type PointRow, type PointsTable, problemInWords, scoreOf } from '../../formats/points.ts';
import { pointsNeeded, sampledBox } from '../../pareto/design/design.ts';
import type { Outcome, Outcomes } from '../../pareto/point.ts';
import { catalogue, introduce } from '../catalogue.ts';
import { ACCURACY, type TaskMetric } from '../metrics.ts';
import { namedCoefficients } from '../point-recipe.ts';
import type { ParetoPoint, StudioState } from '../state.ts';
import { studyOf } from '../study.ts';
import { standInOf } from './stand-in.ts';
import type { Elsewhere } from './state.ts';

/** Decimals beyond the size of the spread of a metric's values. */
const MORE_DIGITS = 2;
const MOST_DIGITS = 6;

export interface FamilyRequest {
  readonly name: string;
  readonly table: PointsTable;
  readonly smaller: readonly string[];
  /** Tasks whose values are no shares, though all of them may lie in 0…1. */
  readonly unbounded: readonly string[];
  /** What was told when the files were opened, a sentence each. */
  readonly remarks: readonly string[];
}

/** Everything of the state that measurements from elsewhere replace. */
export type Family = Omit<Elsewhere, 'aside'> & {
  readonly card: NonNullable<StudioState['card']>;
  readonly recipe: NonNullable<StudioState['recipe']>;
  readonly points: readonly ParetoPoint[];
};

/** The family, or why the table cannot be explored. */
export function familyOf({
  name,
  table,
  smaller,
  unbounded,
  remarks,
}: FamilyRequest): Family | { readonly refusal: string } {
  const rows = table.rows.filter(({ kind }) => kind !== 'estimated');
  const tasks = table.tasks.filter((task) => rows.some((row) => scoreOf(row, task)));
  const spans = sampledBox(rows) ?? [];
  const varied = table.coefficients.filter((_, i) => (spans[i]?.max ?? 0) > (spans[i]?.min ?? 0));
  const refusal = refusalOf(table, rows, tasks, varied);
  if (refusal !== undefined) return { refusal };

  const metrics = new Map(tasks.map((task) => [task, metricOfTask(rows, task, { smaller, unbounded })]));
  const columns = varied.map((coefficient) => table.coefficients.indexOf(coefficient));
  const vectorOf = (row: PointRow) => columns.map((i) => row.coefficients[i] ?? 0);
  const box = columns.map((i) => spans[i] ?? { min: 0, max: 1 });
  const outcomes = rows.map((row) => outcomesOf(row, tasks));
  const start = vectorOf(
    rows[balanced(outcomes, tasks, metrics)] ?? rows[0] ?? { line: 0, coefficients: [], ...NOTHING },
  );
  const content = [rows, [...smaller].sort()];
  const { card, method, recipe } = standInOf({ name, tasks, coefficients: varied, box, start, content });
  introduce(method);

  // Names that look like whole numbers change places among the controls.
  const keys = namedCoefficients(recipe, COEFFICIENTS_ONLY).map(({ key }) => key);
  const order = keys.map((key) => varied.indexOf(key));
  const study = studyOf(recipe, card, COEFFICIENTS_ONLY);
  const taken = new Set<string>();
  const points = rows.map((row, i): ParetoPoint => {
    const values = vectorOf(row);
    const coefficients = order.map((at) => values[at] ?? 0);
    const controls = Object.fromEntries(keys.map((key, at) => [key, coefficients[at] ?? 0]));
    const own = { ...recipe, chain: [{ method: method.id, controls }] };
    const id = mergeId(own, catalogue, card);
    // Merges that were measured twice are two points.
    const name = taken.has(id) ? `${id}-${row.line}` : id;
    taken.add(id);
    const scores = outcomes[i] ?? {};
    return { mergeId: name, recipe: own, study, coefficients, calibration: scores, test: scores, source: 'file' };
  });
  const notes = [...notesOf(table, rows, tasks, varied), ...remarks];
  return { name, table, smaller, unbounded, remarks, metrics, notes, card, recipe, points };
}

const NOTHING = { scores: {}, estimated: {}, kind: 'measured' } as const;

function refusalOf(
  table: PointsTable,
  rows: readonly PointRow[],
  tasks: readonly string[],
  varied: readonly string[],
): string | undefined {
  const list = (names: readonly string[]) => names.join(', ') || 'none';
  if (table.coefficients.length === 0) return 'No column or entry says what the coefficients of a merge were.';
  if (rows.length === 0) return 'It holds no measured merge that can be used.';
  if (tasks.length < 2)
    return `A front needs two tasks or more; measured are ${list(tasks)}. Add the values of another task to the same rows.`;
  if (varied.length === 0)
    return `No coefficient differs between the merges (${list(table.coefficients)}): measure merges at other coefficients.`;
  return undefined;
}

function metricOfTask(
  rows: readonly PointRow[],
  task: string,
  known: Pick<FamilyRequest, 'smaller' | 'unbounded'>,
): TaskMetric {
  const smaller = known.smaller.includes(task);
  if (isShare({ rows }, task) && !known.unbounded.includes(task)) return { ...ACCURACY, smaller };
  const values = rows.flatMap((row) => scoreOf(row, task)?.value ?? []);
  const spread = Math.max(...values) - Math.min(...values) || Math.abs(values[0] ?? 0) || 1;
  const digits = Math.min(MOST_DIGITS, Math.max(0, MORE_DIGITS + Math.ceil(-Math.log10(spread))));
  return { share: false, smaller, digits };
}

function outcomesOf(row: PointRow, tasks: readonly string[]): Outcomes {
  return Object.fromEntries(
    tasks.flatMap((task): [string, Outcome][] => {
      const score = scoreOf(row, task);
      if (!score) return [];
      const { value, n } = score;
      return [[task, n === undefined ? { value } : { value, n }]];
    }),
  );
}

/** The merge whose worst task, between the worst and the best value of the file, is best. */
function balanced(
  outcomes: readonly Outcomes[],
  tasks: readonly string[],
  metrics: ReadonlyMap<string, TaskMetric>,
): number {
  const valueAt = (i: number, task: string) => {
    const outcome = outcomes[i]?.[task];
    const value = outcome && 'value' in outcome ? outcome.value : Number.NaN;
    return metrics.get(task)?.smaller ? -value : value;
  };
  const ends = tasks.map((task) => {
    const values = outcomes.map((_, i) => valueAt(i, task)).filter((value) => !Number.isNaN(value));
    return { task, low: Math.min(...values), width: Math.max(...values) - Math.min(...values) || 1 };
  });
  const worst = outcomes.map((_, i) =>
    Math.min(...ends.map(({ task, low, width }) => (valueAt(i, task) - low) / width)),
  );
  return worst.reduce((best, value, i) => (value > (worst[best] ?? 0) || Number.isNaN(worst[best]) ? i : best), 0);
}

function notesOf(
  table: PointsTable,
  rows: readonly PointRow[],
  tasks: readonly string[],
  varied: readonly string[],
): string[] {
  const estimated = table.rows.length - rows.length;
  const fixed = table.coefficients.filter((name) => !varied.includes(name));
  const empty = table.tasks.filter((task) => !tasks.includes(task));
  return [
    ...table.problems.map(
      (problem) => `${problemInWords(table, problem)}${problem.effect === 'left-out' ? ' The row is left out.' : ''}`,
    ),
    ...(estimated > 0 ? [`${estimated} rows are estimates; only what was measured is a point.`] : []),
    ...fixed.map((name) => `${name} is the same in all merges: it has no slider.`),
    ...empty.map((task) => `${task} has no measured value: it is not shown.`),
    ...tooFew(rows, tasks, varied.length),
  ];
}

/** Of which tasks nothing can be estimated, and how many merges that takes. */
function tooFew(rows: readonly PointRow[], tasks: readonly string[], coefficients: number): string[] {
  const wanted = pointsNeeded(coefficients);
  const counts = tasks.map((task) => {
    const measured = rows.filter((row) => scoreOf(row, task));
    return { task, count: new Set(measured.map((row) => row.coefficients.join())).size };
  });
  const few = [...new Set(counts.map(({ count }) => count))].filter((count) => count < wanted);
  return few.map((count) => {
    const own = counts.filter((each) => each.count === count).map(({ task }) => task);
    return `${own.join(', ')}: ${count} different merges are too few for a model of ${coefficients} coefficients, which has ${wanted} unknowns; ${wanted - count} more are missing. The points are shown, nothing is estimated.`;
  });
}
