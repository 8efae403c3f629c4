/** Cuts flat models into the pieces that a method's scope asks for, and joins what comes back. */
import * as tf from '@tensorflow/tfjs-core';
import type { Input, Method, Piece, PlacedParameter } from '../methods/define.ts';

export function piecesFor(scope: Method['scope'], table: readonly PlacedParameter[]): readonly Piece[] {
  const length = table.reduce((total, row) => total + row.length, 0);
  if (scope !== 'tensor') return [{ start: 0, length, tensors: table }];
  return table.map((row) => ({ start: row.start, length: row.length, tensors: [{ ...row, start: 0 }] }));
}

/** Values of flat vectors that were cut before. */
const onHost = new WeakMap<tf.Tensor, Float32Array>();

/** WebAssembly's slice copies the whole vector for every piece: forty pieces of nine models would take a tenth of a second. */
function sliced(flat: tf.Tensor, start: number, length: number): tf.Tensor {
  if (tf.getBackend() === 'webgpu') return tf.slice(flat, [start], [length]);
  const values = onHost.get(flat) ?? (flat.dataSync() as Float32Array);
  onHost.set(flat, values);
  return tf.tensor1d(values.subarray(start, start + length));
}

/** The piece of a flat vector, in the shape that methods of this scope see. */
function cutPiece(flat: tf.Tensor, piece: Piece, scope: Method['scope']): tf.Tensor {
  // A clone shares the data: a method may keep it in its preparation without taking the model's own tensor along.
  const part = piece.length === flat.size ? tf.clone(flat) : sliced(flat, piece.start, piece.length);
  const [only] = piece.tensors;
  return scope === 'tensor' && only ? tf.reshape(part, [...only.shape]) : part;
}

/** Joins the pieces' tensors, in order, to one flat vector. */
export function joinPieces(parts: readonly tf.Tensor[]): tf.Tensor1D {
  return tf.tidy(() => {
    const flat = parts.map((part) => tf.reshape(part, [part.size]) as tf.Tensor1D);
    const [only] = flat;
    return flat.length === 1 && only ? only.clone() : tf.concat1d(flat);
  });
}

/** The models between two steps of a chain, flat: after a pre step the experts are known by their task vectors only. */
export interface FlatModels {
  readonly base: tf.Tensor;
  readonly experts: readonly tf.Tensor[];
  /** Set once a pre step has changed them. */
  readonly taskVectors?: readonly tf.Tensor[];
}

/**
 * What a method sees of one piece; task vectors (or experts, after a pre step) are computed when first read.
 * @param first place of the models' first weight, where they are a part of a larger network
 */
export function inputFor<G>(models: FlatModels, piece: Piece, scope: Method['scope'], globals: G, first = 0): Input<G> {
  const cut = (flat: tf.Tensor) => cutPiece(flat, piece, scope);
  const base = cut(models.base);
  const changed = models.taskVectors;
  const experts = lazy(() =>
    changed ? changed.map((vector) => tf.add(base, cut(vector))) : models.experts.map((expert) => cut(expert)),
  );
  const taskVectors = lazy(() =>
    changed ? changed.map((vector) => cut(vector)) : experts().map((expert) => tf.sub(expert, base)),
  );
  return {
    piece: { ...piece, start: piece.start + first },
    base,
    globals,
    get experts() {
      return experts();
    },
    get taskVectors() {
      return taskVectors();
    },
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
