/** Memory discipline: TensorFlow.js never collects tensors by itself. */
import { engine, keep, Tensor } from '@tensorflow/tfjs-core';

/** The tensors inside plain objects, arrays and maps. Typed arrays are not looked into: they hold numbers only. */
export function tensorsIn(value: unknown, found = new Set<Tensor>(), seen = new Set<unknown>()): Set<Tensor> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return found;
  seen.add(value);
  if (value instanceof Tensor) return found.add(value);
  const children = value instanceof Map ? value.values() : Object.values(value);
  for (const child of children) tensorsIn(child, found, seen);
  return found;
}

/** Memory of the tensors and typed arrays inside plain objects, arrays and maps, each counted once. */
export function bytesIn(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof Tensor) return value.size * BYTES_PER_ELEMENT;
  const children = value instanceof Map ? [...value.values()] : Object.values(value);
  return children.reduce<number>((sum, child) => sum + bytesIn(child, seen), 0);
}

/** Tensors here are float32. */
const BYTES_PER_ELEMENT = 4;

/**
 * Like `tf.tidy` for asynchronous work: every tensor made inside is disposed of, except those in the result, which are kept
 * until someone disposes of them. Only one such scope may be open at a time, besides nested ones.
 */
export async function scoped<T>(work: () => Promise<T>): Promise<T> {
  engine().startScope();
  try {
    const value = await work();
    for (const tensor of tensorsIn(value)) keep(tensor);
    return value;
  } finally {
    engine().endScope();
  }
}
