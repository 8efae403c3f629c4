/** A run of weights of what an entrywise method prepared for the whole network. */
import * as tf from '@tensorflow/tfjs-core';
import type { Ballot } from './elect.ts';
import type { Stack } from './stack.ts';

type Sliced = { readonly value: unknown } | undefined;

/**
 * The preparation restricted to weights [start, start + length), where every part of it is either the same for all weights (a number, a
 * text) or a stack or ballot with one column per weight.
 * @param whole weights that the preparation covers
 * @returns undefined where it holds anything else, of which nobody knows what it is indexed by
 */
export function runOf(prepared: unknown, whole: number, start: number, length: number): Sliced {
  if (typeof prepared !== 'object' || prepared === null)
    return typeof prepared === 'function' ? undefined : { value: prepared };
  if (isStack(prepared)) return columns(prepared.rows.shape[1], whole) && { value: stackRun(prepared, start, length) };
  if (isBallot(prepared)) return { value: ballotRun(prepared, whole, start, length) };
  // A plain list may hold one number per tensor.
  if (Object.getPrototypeOf(prepared) !== Object.prototype) return undefined;
  const parts: [string, unknown][] = [];
  for (const [key, part] of Object.entries(prepared)) {
    const run = runOf(part, whole, start, length);
    if (!run) return undefined;
    parts.push([key, run.value]);
  }
  return { value: Object.fromEntries(parts) };
}

const columns = (found: number | undefined, whole: number): true | undefined => (found === whole ? true : undefined);

const isStack = (value: object): value is Stack => 'kind' in value && value.kind === 'stack';
const isBallot = (value: object): value is Ballot => 'kind' in value && value.kind === 'ballot';

function stackRun({ rows }: Stack, start: number, length: number): Stack {
  return { kind: 'stack', shape: [length], rows: tf.slice(rows, [0, start], [-1, length]) };
}

function ballotRun(ballot: Ballot, whole: number, start: number, length: number): Ballot {
  const shape = [length];
  if ('device' in ballot) return { kind: 'ballot', shape, device: tf.slice(ballot.device, [0, start], [-1, length]) };
  const rows = ballot.host.length / whole;
  const host = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++)
    host.set(ballot.host.subarray(row * whole + start, row * whole + start + length), row * length);
  return { kind: 'ballot', shape, host };
}
