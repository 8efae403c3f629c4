/** A file of points to copy the columns from. Its numbers are invented, and it says so. */
import type { PointRow } from '../../formats/points.ts';
import { writePointsCsv } from '../../formats/points-csv.ts';

const COEFFICIENTS = ['instruct', 'code', 'maths'];
const TICKS = [0.1, 0.5, 0.9];
const SAMPLES = 500;

/** Twenty-seven merges of three models, two accuracies and a perplexity. */
export function examplePoints(): string {
  const rows = TICKS.flatMap((a) => TICKS.flatMap((b) => TICKS.map((c) => rowAt(a, b, c))));
  return writePointsCsv({ coefficients: COEFFICIENTS, tasks: ['humaneval', 'gsm8k', 'perplexity'], rows });
}

function rowAt(a: number, b: number, c: number): PointRow {
  const share = (value: number) => ({ value: Math.round(value * SAMPLES) / SAMPLES, n: SAMPLES });
  const scores = {
    humaneval: share(0.2 + 0.5 * b - 0.2 * b * b - 0.15 * a * c),
    gsm8k: share(0.25 + 0.6 * c - 0.3 * c * c - 0.1 * b),
    perplexity: { value: Number((6 + 2 * (a - 0.6) ** 2 + 1.5 * (b + c) ** 2).toFixed(3)) },
  };
  return { line: 0, coefficients: [a, b, c], scores, estimated: {}, kind: 'measured', source: 'invented' };
}
