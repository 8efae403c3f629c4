/**
 * One merge with different coefficients for groups of layers, for any method and scope: the method sees its own controls and never
 * hears of groups. The preparation is the one of the whole network, so a global threshold or a common basis stays global.
 */
import * as tf from '@tensorflow/tfjs-core';
import { groupOfBlock } from '../formats/layer-groups.ts';
import { isGroupable, type Step, storedGroups } from '../formats/recipe.ts';
import type { PlacedParameter } from '../methods/define.ts';
import type { MethodMetadata } from '../methods/metadata.ts';
import type { Parameter } from '../models/parameter.ts';
import { joinPieces } from './pieces.ts';

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

interface GroupedCombine {
  /** One per tensor of the table, or a single one for all. */
  readonly pieces: readonly unknown[];
  readonly table: readonly PlacedParameter[];
  readonly groupOf: (parameter: Parameter) => number;
  /** By group. */
  readonly controls: readonly Controls[];
  readonly combine: (prepared: unknown, controls: Controls) => tf.Tensor;
}

/**
 * Flat merged weights. A piece within one group is combined once with that group's controls; one that spans groups is combined once
 * for each different set of controls, of which every group's layers are taken: exact whatever the method does with them.
 */
export function combineByGroup({ pieces, table, groupOf, controls, combine }: GroupedCombine): tf.Tensor1D {
  const controlsFor = (row: PlacedParameter): Controls => controls[groupOf(row)] ?? {};
  const keys = controls.map((own) => JSON.stringify(own));
  const keyOf = (row: PlacedParameter): string => keys[groupOf(row)] ?? '';
  const perTensor = pieces.length === table.length && pieces.length > 1;
  if (perTensor) return joinPieces(pieces.map((piece, i) => combine(piece, controlsFor(table[i] as PlacedParameter))));
  const [whole] = pieces;
  const combined = new Map<string, tf.Tensor1D>();
  const runs = runsOf(table, keyOf);
  if (runs.length === 1) return joinPieces([combine(whole, controls[0] ?? {})]);
  return joinPieces(
    runs.map(({ first, length }) => {
      const key = keyOf(first);
      const network = combined.get(key) ?? joinPieces([combine(whole, controlsFor(first))]);
      combined.set(key, network);
      return tf.slice(network, [first.start], [length]);
    }),
  );
}

interface Run {
  readonly first: PlacedParameter;
  /** Weights of the run's tensors, which follow each other. */
  readonly length: number;
}

/** Neighbouring tensors with the same key. */
function runsOf(table: readonly PlacedParameter[], keyOf: (row: PlacedParameter) => string): readonly Run[] {
  const runs: { first: PlacedParameter; key: string; length: number }[] = [];
  for (const row of table) {
    const last = runs.at(-1);
    if (last && last.key === keyOf(row)) last.length += row.length;
    else runs.push({ first: row, key: keyOf(row), length: row.length });
  }
  return runs;
}
