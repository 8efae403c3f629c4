/** Single matrices through a method, for the laws of spectral methods. */
import { matmul } from '../../core/linalg/matrix.ts';
import { thinSvd } from '../../core/linalg/svd.ts';
import { randomStream } from '../../core/random/counter.ts';
import { methodById } from '../registry.ts';
import { type ControlValues, run } from './run.testing.ts';

export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float64Array;
}

/** Gaussian entries in float32, or (with a rank) a product of two Gaussian factors. */
export function gaussianMatrix(rows: number, cols: number, seed: number, rank?: number): Matrix {
  const draw = (length: number, label: string) => {
    const random = randomStream(seed, label);
    return Float64Array.from({ length }, () => Math.fround(random.normal()));
  };
  if (rank === undefined) return { rows, cols, values: draw(rows * cols, 'matrix') };
  const values = matmul(draw(rows * rank, 'left'), draw(rank * cols, 'right'), rows, rank, cols).map(Math.fround);
  return { rows, cols, values };
}

/** What a method makes of experts that differ from a zero base by these changes: the merged change itself. */
export async function mergedChange(
  id: string,
  changes: readonly Matrix[],
  controls: ControlValues = {},
): Promise<Matrix> {
  const [{ rows, cols } = { rows: 0, cols: 0 }] = changes;
  const base = Array.from({ length: rows * cols }, () => 0);
  const experts = changes.map(({ values }) => [...values]);
  const { values } = await run(methodById(id), { shapes: [[rows, cols]], base, experts }, { controls });
  return { rows, cols, values: Float64Array.from(values) };
}

export const spectrumOf = ({ values, rows, cols }: Matrix): Float64Array => thinSvd(values, rows, cols).values;

export const meanMatrix = (all: readonly Matrix[]): Float64Array =>
  (all[0] as Matrix).values.map((_, i) => all.reduce((sum, { values }) => sum + (values[i] as number), 0) / all.length);

export const lengthOf = ({ values }: Matrix): number => Math.hypot(...values);

/** Largest difference of two arrays of one length. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values beside ${b.length}`);
  return Math.max(0, ...Array.from(a, (value, i) => Math.abs(value - (b[i] as number))));
}
