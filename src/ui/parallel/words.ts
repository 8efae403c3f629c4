/** A line in words. */
import type { ParallelAxis, ParallelLine } from './types.ts';

export const ORIGINS: Readonly<Record<ParallelLine['kind'], string>> = {
  measured: 'measured',
  estimated: 'estimated, not measured',
  now: 'now',
};

/** Text of a line's value on an axis; `missing` where nothing was measured. */
export function textOf(axis: ParallelAxis, value: number | undefined, missing: string): string {
  return value === undefined ? missing : axis.format(value);
}

/** 'measured: λ Digits .30, Digits 92.1 %' */
export function spoken(axes: readonly ParallelAxis[], { kind, values }: ParallelLine): string {
  const parts = axes.map((axis, k) => `${axis.name} ${textOf(axis, values[k], 'not measured')}`);
  return `${ORIGINS[kind]}: ${parts.join(', ')}`;
}

/** '23 of 120 merges in the selection' */
export function counted(selection: readonly boolean[]): string {
  const kept = selection.filter(Boolean).length;
  return `${kept} of ${selection.length} ${selection.length === 1 ? 'merge' : 'merges'} in the selection`;
}
