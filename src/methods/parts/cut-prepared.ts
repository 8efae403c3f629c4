/** What an entrywise method prepared for the whole network, cut into runs of weights. */
import * as tf from '@tensorflow/tfjs-core';
import type { Ballot } from './elect.ts';
import type { Stack } from './stack.ts';

export interface WeightRun {
  readonly start: number;
  readonly length: number;
}

/**
 * The preparation by run, where every part of it is either the same for all weights (a number, a text) or a stack or ballot with one
 * column per weight. Cutting copies all of it: whoever combines often keeps the parts.
 * @param whole weights that the preparation covers
 * @returns undefined where it holds anything else, of which nobody knows what it is indexed by
 */
export function cutPrepared(
  prepared: unknown,
  whole: number,
  runs: readonly WeightRun[],
): readonly unknown[] | undefined {
  if (typeof prepared === 'function') return undefined;
  if (typeof prepared !== 'object' || prepared === null) return runs.map(() => prepared);
  if (isStack(prepared)) return prepared.rows.shape[1] === whole ? cutStack(prepared, runs) : undefined;
  if (isBallot(prepared)) return cutBallot(prepared, whole, runs);
  // A plain list may hold one number per tensor.
  if (Object.getPrototypeOf(prepared) !== Object.prototype) return undefined;
  const parts: [string, readonly unknown[]][] = [];
  for (const [key, part] of Object.entries(prepared)) {
    const cut = cutPrepared(part, whole, runs);
    if (!cut) return undefined;
    parts.push([key, cut]);
  }
  return runs.map((_, run) => Object.fromEntries(parts.map(([key, cut]) => [key, cut[run]])));
}

const isStack = (value: object): value is Stack => 'kind' in value && value.kind === 'stack';
const isBallot = (value: object): value is Ballot => 'kind' in value && value.kind === 'ballot';

function cutStack({ rows }: Stack, runs: readonly WeightRun[]): readonly Stack[] {
  const cut = (make: (run: WeightRun) => tf.Tensor2D) =>
    runs.map((run): Stack => ({ kind: 'stack', shape: [run.length], rows: make(run) }));
  if (tf.getBackend() === 'webgpu') return cut(({ start, length }) => tf.slice(rows, [0, start], [-1, length]));
  // Elsewhere every slice would first copy the whole out of the backend's memory.
  const [count, whole] = rows.shape;
  const values = rows.dataSync<'float32'>();
  return cut((run) => tf.tensor2d(cutRows(values, count, whole, run), [count, run.length]));
}

function cutBallot(ballot: Ballot, whole: number, runs: readonly WeightRun[]): readonly Ballot[] {
  return runs.map((run): Ballot => {
    const shape = [run.length];
    if ('device' in ballot)
      return { kind: 'ballot', shape, device: tf.slice(ballot.device, [0, run.start], [-1, run.length]) };
    return { kind: 'ballot', shape, host: cutRows(ballot.host, ballot.host.length / whole, whole, run) };
  });
}

/** Columns of a row-major matrix. */
function cutRows(values: Float32Array, rows: number, columns: number, { start, length }: WeightRun): Float32Array {
  const out = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++)
    out.set(values.subarray(row * columns + start, row * columns + start + length), row * length);
  return out;
}
