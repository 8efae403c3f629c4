/**
 * Controls of a merge step that differ between tensors, by groups of layers, by curves over depth and by a filter, as each tensor's own:
 * methods never hear of them.
 */
import type { Catalogue, MethodMetadata } from '../methods/metadata.ts';
import { factorOf } from './curves.ts';
import { groupOfBlock } from './layer-groups.ts';
import { groupsOf, isGroupable, type Step, storedGroups } from './recipe.ts';
import { countingCurves } from './recipe-curves.ts';
import { passes } from './tensor-filter.ts';

type Controls = Step['controls'];

/** A tensor as controls see it. */
interface TensorAt {
  readonly name: string;
  readonly role: string;
  readonly group: 'embedding' | 'attention' | 'mlp' | 'norm';
  readonly depth: number;
}

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

/** The group of layers that a tensor belongs to, counted from 0 at the input. */
export function groupOfTensor({ group, depth }: TensorAt, blocks: number, groups: number): number {
  return group === 'embedding' && depth === 0 ? 0 : groupOfBlock(Math.round(depth * (blocks - 1)), blocks, groups);
}

/** Which controls hold for which tensor. */
export interface Spread<T> {
  /** Different sets, each with the first tensor that it holds for. At least one. */
  readonly sets: readonly { readonly controls: Controls; readonly first: T | undefined }[];
  /** Of each tensor of the table: its set's place, or −1 where it keeps the base's weights. */
  readonly of: readonly number[];
}

/** @param blocks of the network */
export function spreadControls<T extends TensorAt>(
  step: Step,
  catalogue: Catalogue,
  method: Pick<MethodMetadata, 'controls'>,
  { table, blocks }: { readonly table: readonly T[]; readonly blocks: number },
): Spread<T> {
  const groups = groupsOf(step, catalogue);
  const byGroup = controlsByGroup(step, method, groups);
  const curves = Object.entries(countingCurves(step, catalogue) ?? {});
  const { filter } = step;
  const shaped = (plain: Controls, row: T): Controls => {
    if (curves.length === 0) return plain;
    const own = curves.map(([key, each]) => {
      const factors = each.map((curve) => factorOf(curve, row));
      const value = plain[key];
      if (typeof value === 'object') return [key, value.map((one, i) => one * (factors[i] ?? 1))];
      return [key, typeof value === 'number' ? value * (factors[0] ?? 1) : value];
    });
    return { ...plain, ...Object.fromEntries(own) };
  };
  const sets = new Map<string, { controls: Controls; first: T | undefined; place: number }>();
  const add = (controls: Controls, first: T | undefined): number => {
    const key = JSON.stringify(controls);
    const known = sets.get(key) ?? { controls, first, place: sets.size };
    sets.set(key, known);
    return known.place;
  };
  const of = table.map((row) => {
    if (filter && !passes(filter, row)) return -1;
    return add(shaped(byGroup[groupOfTensor(row, blocks, groups)] ?? step.controls, row), row);
  });
  // Where the filter leaves nothing to merge, the controls still have to be ones that can be.
  if (sets.size === 0) add(byGroup[0] ?? step.controls, undefined);
  return { sets: [...sets.values()], of };
}
