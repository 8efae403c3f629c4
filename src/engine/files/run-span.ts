/** Runs a chain on a part of the network that is in memory: the same methods, on the same inputs, as over a whole one. */
import * as tf from '@tensorflow/tfjs-core';
import type { PlacedParameter } from '../../methods/define.ts';
import type { Chain, Resolved } from '../chain.ts';
import { combineSpread } from '../grouped-combine.ts';
import { type FlatModels, inputFor, joinPieces, piecesFor } from '../pieces.ts';
import { scoped } from '../scope.ts';

export interface SpanValues {
  /** Zeros where there is no base. */
  readonly base: Float32Array;
  readonly experts: readonly Float32Array[];
}

export interface LoadedSpan {
  /** Place of its first weight in the network. */
  readonly start: number;
  /** Its tensors; `start` counts from the beginning of the span. */
  readonly table: readonly PlacedParameter[];
  readonly values: SpanValues;
}

export interface SpanHooks {
  readonly seed: number;
  progress(done: number, total: number, doing: string): void;
  breathe(): Promise<void>;
}

/** Shows a method's survey the models after the pre steps, piece by piece. */
export function showSpan(
  { pre, merge: { method } }: Chain,
  span: LoadedSpan,
  hooks: SpanHooks,
  show: (input: ReturnType<typeof inputFor<undefined>>) => unknown,
): Promise<unknown[]> {
  return scoped(async () => {
    const models = await afterPre(pre, span, hooks);
    const shown: unknown[] = [];
    for (const piece of piecesFor(method.scope, span.table))
      shown.push(await show(inputFor(models, piece, method.scope, undefined, span.start)));
    return shown;
  });
}

interface Wanted {
  /** Whose network of a pack. */
  readonly expert: number;
  /** Of the tensors, where they differ: chains with the same preparation. */
  readonly chains: readonly Chain[];
  /** What the survey of the whole network concluded; made here from the span where it is the whole network. */
  readonly globals: { readonly value: unknown } | undefined;
}

/** Merged weights of the span. */
export function mergeSpan(chain: Chain, span: LoadedSpan, hooks: SpanHooks, wanted: Wanted): Promise<Float32Array> {
  return scoped(async () => {
    const models = await afterPre(chain.pre, span, hooks);
    const context = contextFor(hooks);
    const { method, step } = chain.merge;
    const pieces = piecesFor(method.scope, span.table);
    const inputOf = (piece: (typeof pieces)[number], globals: unknown) =>
      inputFor(models, piece, method.scope, globals, span.start);
    const partials: unknown[] = [];
    if (!wanted.globals && method.survey)
      for (const piece of pieces) partials.push(await method.survey(inputOf(piece, undefined) as never));
    const globals = wanted.globals ? wanted.globals.value : method.conclude?.(partials, step.controls);
    const prepared: unknown[] = [];
    for (const [done, piece] of pieces.entries()) {
      if (pieces.length > 1) hooks.progress(done, pieces.length, `${method.name}: preparing tensors`);
      const input = inputOf(piece, globals);
      prepared.push(await method.prepare(input, step.controls, context(input) as never));
    }
    const merged = combineSpread({
      pieces: prepared,
      cuts: {},
      scope: method.scope,
      table: span.table,
      spread: spreadOf(span.table, wanted.chains),
      base: models.base,
      combine: (piece, controls) => method.combine(piece, controls, wanted.expert),
    });
    const edited = await afterPost(chain.post, merged, models, span, hooks);
    return (await edited.data()) as Float32Array;
  });
}

function spreadOf(table: readonly PlacedParameter[], chains: readonly Chain[]) {
  const steps = chains.map(({ merge }) => merge.step);
  const different = [...new Set(steps)];
  const sets = different.map((step) => ({ controls: step.controls, first: table[steps.indexOf(step)] }));
  return { sets, of: table.map((_, i) => different.indexOf(steps[i] ?? (steps[0] as (typeof steps)[number]))) };
}

/** Of one step: what it keeps belongs to the task vectors that it was given, and lives as long as the span. */
function contextFor(hooks: SpanHooks): (input: { readonly piece: { readonly start: number } }) => object {
  const kept = new Map<string, { readonly value: unknown }>();
  return ({ piece }) => ({
    ...hooks,
    async cache<T>(name: string, make: () => T | Promise<T>): Promise<T> {
      const key = `${piece.start} ${name}`;
      const known = kept.get(key) as { readonly value: T } | undefined;
      if (known) return known.value;
      const value = await make();
      kept.set(key, { value });
      return value;
    },
  });
}

async function afterPre(
  steps: readonly Resolved<'pre'>[],
  { start, table, values }: LoadedSpan,
  hooks: SpanHooks,
): Promise<FlatModels> {
  let models: FlatModels = {
    base: tf.tensor1d(values.base),
    experts: values.experts.map((expert) => tf.tensor1d(expert)),
  };
  for (const { method, step } of steps) {
    const context = contextFor(hooks);
    const changed: (readonly tf.Tensor[])[] = [];
    for (const piece of piecesFor(method.scope, table)) {
      const input = inputFor(models, piece, method.scope, undefined, start);
      changed.push(await method.transform(input, step.controls, context(input) as never));
    }
    const taskVectors = models.experts.map((_, expert) =>
      joinPieces(changed.map((vectors) => vectors[expert] as tf.Tensor)),
    );
    models = { ...models, taskVectors };
  }
  return models;
}

async function afterPost(
  steps: readonly Resolved<'post'>[],
  merged: tf.Tensor1D,
  models: FlatModels,
  { start, table }: LoadedSpan,
  hooks: SpanHooks,
): Promise<tf.Tensor1D> {
  let weights = merged;
  for (const { method, step } of steps) {
    const context = contextFor(hooks);
    const change = { base: tf.sub(weights, models.base), experts: [] };
    const pieces: tf.Tensor[] = [];
    for (const piece of piecesFor(method.scope, table)) {
      const part = inputFor(change, piece, method.scope, undefined).base;
      const input = inputFor(models, piece, method.scope, undefined, start);
      pieces.push(await method.edit(part, input, step.controls, context(input) as never));
    }
    weights = tf.add(models.base, joinPieces(pieces)) as tf.Tensor1D;
  }
  return weights;
}
