/** Runs one method on plain arrays, the way the engine would, so that a test says what it means in numbers. */
import * as tf from '@tensorflow/tfjs-core';
import { type Parameter, sizeOf } from '../../models/parameter.ts';
import type { Control } from '../control.ts';
import type { Input, Method, Piece, PlacedParameter } from '../define.ts';
import { contextOf, tensorsIn } from './context.testing.ts';

/** Models as flat arrays over a table of tensors. */
export interface Models {
  readonly shapes: readonly (readonly number[])[];
  readonly base: readonly number[];
  readonly experts: readonly (readonly number[])[];
}

export type ControlValue = number | string | readonly number[];
export type ControlValues = Readonly<Record<string, ControlValue>>;

export interface RunOptions {
  /** Those that differ from the defaults. */
  readonly controls?: ControlValues;
  readonly seed?: number;
  /** Cut an 'entry' method's network in two after the first tensor: the answer must stay. */
  readonly split?: boolean;
}

/** What came out, and what must not have happened. */
export interface Outcome {
  /** Merged weights (kind 'merge'; of a pack, each expert's network), the task vectors one after the other ('pre'), the edited change ('post'). */
  readonly values: Float32Array;
  /** Tensors alive after everything that was handed out has been disposed of, less those alive before. */
  readonly leaked: number;
  /** True when base and experts still hold what they held. */
  readonly inputsUnchanged: boolean;
}

export function tableOf(shapes: Models['shapes']): PlacedParameter[] {
  let start = 0;
  return shapes.map((shape, index) => {
    const length = sizeOf(shape);
    const parameter: Parameter = {
      name: `tensor.${index}`,
      shape,
      role: shape.length > 1 ? 'linear' : 'bias',
      group: 'mlp',
      depth: shapes.length > 1 ? index / (shapes.length - 1) : 0,
    };
    const placed = { ...parameter, start, length };
    start += length;
    return placed;
  });
}

/** All values of a method's controls: the given ones, and the defaults for the others. */
export function completeControls(
  method: Method,
  experts: number,
  given: ControlValues = {},
): Record<string, ControlValue> {
  const controls: Record<string, Control> = method.controls;
  for (const name of Object.keys(given)) {
    if (!(name in controls))
      throw new Error(`${method.id} has no control "${name}"; it has ${Object.keys(controls).join(', ')}`);
  }
  return Object.fromEntries(
    Object.entries(controls).map(([name, control]) => {
      const value = control.per === 'expert' ? Array.from({ length: experts }, () => control.default) : control.default;
      return [name, given[name] ?? value];
    }),
  );
}

export async function run(method: Method, models: Models, options: RunOptions = {}): Promise<Outcome> {
  const before = tf.memory().numTensors;
  const table = tableOf(models.shapes);
  const base = tf.tensor1d([...models.base]);
  const experts = models.experts.map((expert) => tf.tensor1d([...expert]));
  const owned: tf.Tensor[] = [base, ...experts];
  const inputs = piecesOf(method, table, options.split ?? false).map((piece) =>
    inputOf(method, piece, base, experts, owned),
  );
  const controls = completeControls(method, experts.length, options.controls);
  const context = contextOf(experts.length, options.seed ?? 1, owned);
  const made = await results(method, inputs, controls, context);
  const values = await readAll(made.results);
  const inputsUnchanged = same(await base.data(), models.base) && (await allSame(experts, models.experts));
  for (const tensor of tensorsIn([made, owned])) tensor.dispose();
  return { values, leaked: tf.memory().numTensors - before, inputsUnchanged };
}

async function results(
  method: Method,
  inputs: Input<unknown>[],
  controls: Record<string, ControlValue>,
  context: ReturnType<typeof contextOf>,
) {
  // A method of the registry has forgotten its own types; the context holds everything that any method may declare.
  const everything = ({ piece }: Input<unknown>) =>
    ({ ...context, ...context.forPiece(piece.start) }) as Parameters<Extract<Method, { kind: 'merge' }>['prepare']>[2];
  switch (method.kind) {
    case 'merge': {
      const partials: unknown[] = [];
      for (const input of inputs) partials.push(await method.survey?.(input as Input));
      const globals: unknown = method.conclude?.(partials, controls);
      const prepared: unknown[] = [];
      for (const input of inputs)
        prepared.push(await method.prepare(withGlobals(input, globals), controls, everything(input)));
      // A single network is the same for every task; of a pack there is one for each.
      const networks = method.result === 'single' ? 1 : (inputs[0]?.experts.length ?? 0);
      const combined = Array.from({ length: networks }, (_, expert) =>
        prepared.map((piece) => method.combine(piece, controls, expert)),
      );
      return { results: combined.flat(), prepared, partials };
    }
    case 'pre': {
      const byPiece: (readonly tf.Tensor[])[] = [];
      for (const input of inputs) byPiece.push(await method.transform(input as Input, controls, everything(input)));
      const [first] = byPiece;
      return { results: (first ?? []).flatMap((_, expert) => byPiece.flatMap((vectors) => vectors[expert] ?? [])) };
    }
    case 'post': {
      const edited: tf.Tensor[] = [];
      for (const input of inputs) {
        // Read outside of tidy, which would dispose of what is computed when first read.
        const { taskVectors } = input;
        const change = tf.tidy(() => tf.div(tf.addN([...taskVectors]), taskVectors.length));
        const made = await method.edit(change, input as Input, controls, everything(input));
        if (made !== change) change.dispose();
        edited.push(made);
      }
      return { results: edited };
    }
  }
}

function withGlobals(input: Input<unknown>, globals: unknown): Input<unknown> {
  return {
    piece: input.piece,
    base: input.base,
    globals,
    get experts() {
      return input.experts;
    },
    get taskVectors() {
      return input.taskVectors;
    },
  };
}

function piecesOf(method: Method, table: readonly PlacedParameter[], split: boolean): Piece[] {
  const piece = (tensors: readonly PlacedParameter[]): Piece => {
    const start = tensors[0]?.start ?? 0;
    const placed = tensors.map((tensor) => ({ ...tensor, start: tensor.start - start }));
    return { start, length: placed.reduce((total, { length }) => total + length, 0), tensors: placed };
  };
  if (method.scope === 'tensor') return table.map((tensor) => piece([tensor]));
  if (method.scope === 'entry' && split && table.length > 1) return [piece(table.slice(0, 1)), piece(table.slice(1))];
  return [piece(table)];
}

function inputOf(
  method: Method,
  piece: Piece,
  base: tf.Tensor1D,
  experts: readonly tf.Tensor1D[],
  owned: tf.Tensor[],
): Input<unknown> {
  const own = (tensor: tf.Tensor) => {
    owned.push(tensor);
    return tensor;
  };
  const cut = (flat: tf.Tensor1D) => {
    const shape = method.scope === 'tensor' ? piece.tensors[0]?.shape : undefined;
    return own(tf.tidy(() => tf.reshape(tf.slice(flat, piece.start, piece.length), [...(shape ?? [piece.length])])));
  };
  const start = cut(base);
  const ends = experts.map(cut);
  let vectors: tf.Tensor[] | undefined;
  return {
    piece,
    base: start,
    experts: ends,
    globals: undefined,
    get taskVectors() {
      vectors ??= ends.map((end) => own(tf.sub(end, start)));
      return vectors;
    },
  };
}

async function readAll(tensors: readonly tf.Tensor[]): Promise<Float32Array> {
  const parts = await Promise.all(tensors.map((tensor) => tensor.data()));
  const values = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return values;
}

async function allSame(tensors: readonly tf.Tensor[], wanted: readonly (readonly number[])[]): Promise<boolean> {
  const held = await Promise.all(tensors.map((tensor) => tensor.data()));
  return held.every((values, index) => same(values, wanted[index] ?? []));
}

function same(values: ArrayLike<number>, wanted: readonly number[]): boolean {
  return values.length === wanted.length && wanted.every((value, i) => Object.is(Math.fround(value), values[i]));
}
