/**
 * One merge with coefficients that differ between tensors (by groups of layers, by curves over depth, by a filter), for any method and
 * scope: the method sees its own controls and never hears of tensors. The preparation is the one of the whole network, so a global
 * threshold or a common basis stays global.
 */
import * as tf from '@tensorflow/tfjs-core';
import { factorOf } from '../formats/curves.ts';
import { groupOfBlock } from '../formats/layer-groups.ts';
import { groupsOf, isGroupable, type Step, storedGroups } from '../formats/recipe.ts';
import { countingCurves } from '../formats/recipe-curves.ts';
import { passes } from '../formats/tensor-filter.ts';
import type { Method, PlacedParameter } from '../methods/define.ts';
import type { Catalogue, MethodMetadata } from '../methods/metadata.ts';
import { cutPrepared, type WeightRun } from '../methods/parts/cut-prepared.ts';
import type { Parameter } from '../models/parameter.ts';
import { joinPieces } from './pieces.ts';
import { tensorsIn } from './scope.ts';

type Controls = Step['controls'];

/**
 * The controls of every group, from input to output, as a method without groups would be given them.
 * @param groups that count: 1 where the step stores more for a control that is hidden
 */
export function controlsByGroup(
  step: Step,
  { controls }: Pick<MethodMetadata, 'controls'>,
  groups: number,
): readonly Controls[] {
  const stored = storedGroups(step);
  return Array.from({ length: groups }, (_, group) =>
    Object.fromEntries(
      Object.entries(step.controls).map(([key, value]) => {
        const control = controls[key];
        const divided = control && isGroupable(control) && typeof value === 'object';
        return [key, divided ? value.filter((_one, i) => i % stored === group) : value];
      }),
    ),
  );
}

/** The group of layers that a parameter belongs to, counted from 0 at the input. */
export function groupOfParameter({ group, depth }: Parameter, blocks: number, groups: number): number {
  return group === 'embedding' ? 0 : groupOfBlock(Math.round(depth * (blocks - 1)), blocks, groups);
}

/** Which controls hold for which tensor. */
export interface Spread {
  /** Different sets, each with the first tensor that it holds for. At least one. */
  readonly sets: readonly { readonly controls: Controls; readonly first: PlacedParameter | undefined }[];
  /** Of each tensor of the table: its set's place, or −1 where it keeps the base's weights. */
  readonly of: readonly number[];
}

/** @param blocks of the network */
export function spreadControls(
  step: Step,
  catalogue: Catalogue,
  method: Pick<MethodMetadata, 'controls'>,
  { table, blocks }: { readonly table: readonly PlacedParameter[]; readonly blocks: number },
): Spread {
  const groups = groupsOf(step, catalogue);
  const byGroup = controlsByGroup(step, method, groups);
  const curves = Object.entries(countingCurves(step, catalogue) ?? {});
  const { filter } = step;
  const shaped = (plain: Controls, row: PlacedParameter): Controls => {
    if (curves.length === 0) return plain;
    const own = curves.map(([key, each]) => {
      const factors = each.map((curve) => factorOf(curve, row));
      const value = plain[key];
      if (typeof value === 'object') return [key, value.map((one, i) => one * (factors[i] ?? 1))];
      return [key, typeof value === 'number' ? value * (factors[0] ?? 1) : value];
    });
    return { ...plain, ...Object.fromEntries(own) };
  };
  const sets = new Map<string, { controls: Controls; first: PlacedParameter | undefined; place: number }>();
  const add = (controls: Controls, first: PlacedParameter | undefined): number => {
    const key = JSON.stringify(controls);
    const known = sets.get(key) ?? { controls, first, place: sets.size };
    sets.set(key, known);
    return known.place;
  };
  const of = table.map((row) => {
    if (filter && !passes(filter, row)) return -1;
    return add(shaped(byGroup[groupOfParameter(row, blocks, groups)] ?? step.controls, row), row);
  });
  // Where the filter leaves nothing to merge, the controls still have to be ones that can be.
  if (sets.size === 0) add(byGroup[0] ?? step.controls, undefined);
  return { sets: [...sets.values()], of };
}

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
  readonly spread: Spread;
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
