/**
 * One merge with coefficients that differ between tensors (see formats/spread-controls.ts), for any method and scope: the method sees
 * its own controls and never hears of tensors. The preparation is the one of the whole network, so a global threshold or a common
 * basis stays global.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Step } from '../formats/recipe.ts';
import type { Spread } from '../formats/spread-controls.ts';
import type { Method, PlacedParameter } from '../methods/define.ts';
import { cutPrepared, type WeightRun } from '../methods/parts/cut-prepared.ts';
import { joinPieces } from './pieces.ts';
import { tensorsIn } from './scope.ts';

type Controls = Step['controls'];

/**
 * Parts of a preparation that was cut, for the next combination. They belong to whoever holds the preparation and are disposed of
 * with it; only the newest layout is kept.
 */
export interface Cuts {
  held?: { readonly layout: string; readonly parts: readonly unknown[] | undefined };
}

interface SpreadCombine {
  /** One per tensor of the table, or a single one for all. */
  readonly pieces: readonly unknown[];
  readonly cuts: Cuts;
  readonly scope: Method['scope'];
  readonly table: readonly PlacedParameter[];
  readonly spread: Spread<PlacedParameter>;
  /** Flat weights of the base, for tensors that are left out. */
  readonly base: tf.Tensor;
  readonly combine: (prepared: unknown, controls: Controls) => tf.Tensor;
}

/**
 * Flat merged weights. A piece of one tensor is combined with that tensor's controls. One that spans tensors is combined in runs of
 * equal controls where it can be cut (see `cutPrepared`); where it cannot, it is combined once for each different set of controls, of
 * which every run is taken: exact whatever the method does with them.
 */
export function combineSpread({ pieces, cuts, scope, table, spread, base, combine }: SpreadCombine): tf.Tensor1D {
  const controlsAt = (set: number): Controls => spread.sets[set]?.controls ?? {};
  const kept = (start: number, length: number) => tf.slice(base, [start], [length]);
  const perTensor = pieces.length === table.length && pieces.length > 1;
  if (perTensor) {
    const parts = table.map(({ start, length }, i) => {
      const set = spread.of[i] ?? 0;
      return set < 0 ? kept(start, length) : combine(pieces[i], controlsAt(set));
    });
    return joinPieces(parts);
  }
  const [whole] = pieces;
  if (spread.of.every((set) => set === 0)) return joinPieces([combine(whole, controlsAt(0))]);
  const runs = runsOf(table, spread.of);
  const parts = scope === 'entry' ? partsOf(whole, runs, table, cuts) : undefined;
  const combined = new Map<number, tf.Tensor1D>();
  return joinPieces(
    runs.map(({ start, length, set }, run) => {
      if (set < 0) return kept(start, length);
      if (parts) return combine(parts[run], controlsAt(set));
      const network = combined.get(set) ?? joinPieces([combine(whole, controlsAt(set))]);
      combined.set(set, network);
      return tf.slice(network, [start], [length]);
    }),
  );
}

/** The preparation by run; undefined where it cannot be cut. */
function partsOf(
  whole: unknown,
  runs: readonly Run[],
  table: readonly PlacedParameter[],
  cuts: Cuts,
): readonly unknown[] | undefined {
  const layout = runs.map(({ start }) => start).join();
  if (cuts.held?.layout === layout) return cuts.held.parts;
  for (const tensor of tensorsIn(cuts.held)) tensor.dispose();
  const size = table.reduce((total, { length }) => total + length, 0);
  const parts = cutPrepared(whole, size, runs);
  for (const tensor of tensorsIn(parts)) tf.keep(tensor);
  cuts.held = { layout, parts };
  return parts;
}

interface Run extends WeightRun {
  readonly set: number;
}

/**
 * Neighbouring tensors of one depth and group, which have the same controls whatever the curves are: the runs stay while a curve is
 * drawn, though two of them may have equal controls for a moment.
 */
function runsOf(table: readonly PlacedParameter[], of: readonly number[]): readonly Run[] {
  const runs: { start: number; length: number; set: number; key: string }[] = [];
  for (const [i, { start, length, depth, group }] of table.entries()) {
    const set = of[i] ?? 0;
    const key = `${depth} ${group} ${set}`;
    const last = runs.at(-1);
    if (last && last.key === key) last.length += length;
    else runs.push({ start, length, set, key });
  }
  return runs;
}
