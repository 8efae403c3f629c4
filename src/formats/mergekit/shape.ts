/**
 * Curves and filters in mergekit's words. A list of numbers there is interpolated between equally spaced layers, as curves are here, and
 * all that is no layer gets its first; a list of filters takes the first one that is part of a tensor's name.
 */
import { CURVE_GROUPS, type Curve } from '../curves.ts';
import type { TensorFilter } from '../tensor-filter.ts';

type Values = number | readonly number[];
/** A parameter's value: for all tensors, over depth, or by parts of names. */
export type Setting = number | readonly number[] | readonly { readonly filter?: string; readonly value: Values }[];

/** Part of a tensor's name in the networks that mergekit knows, by kind. There is none for matrices. */
const PARTS = { attention: 'attn', mlp: 'mlp', norm: 'norm', embedding: 'embed', bias: '.bias' } as const;
/** “post_attention_layernorm” is a norm. */
const ORDER = ['norm', 'attention', 'mlp', 'embedding'] as const;

/** A filter as parts of names whose tensors are left out. */
export interface LeftOut {
  readonly parts: readonly string[];
  /** Whether the filter says more than that. */
  readonly inexact: boolean;
}

export function leftOut(filter: TensorFilter | undefined): LeftOut {
  const patterns = (filter?.names ?? '').split(',').filter((pattern) => pattern !== '');
  // Only `!*text*` is what mergekit asks of a name.
  const named = patterns.map((pattern) => /^!\*([^*]+)\*$/.exec(pattern)?.[1]);
  const kinds = (filter?.without ?? []).map((kind) => (kind === 'linear' ? undefined : PARTS[kind]));
  const all = [...kinds, ...named];
  return { parts: all.flatMap((part) => part ?? []), inexact: all.some((part) => part === undefined) };
}

/**
 * A value with its curve.
 * @param out parts of names whose tensors get 0
 * @param write what is written for a value: rounded, or 1 − t; nothing but a linear function can be interpolated
 */
export function settingOf(
  value: number,
  curve: Curve | undefined,
  out: readonly string[],
  write: (value: number) => number,
): Setting {
  const at = (factor: number): Values => {
    const [only, ...more] = curve?.points ?? [1];
    if (!curve || more.length === 0) return write(value * (only ?? 1) * factor);
    const all = curve.points.map((point) => write(value * point * factor));
    return all.every((one) => one === all[0]) ? (all[0] ?? 0) : all;
  };
  const grouped = curve !== undefined && CURVE_GROUPS.some((group) => curve.groups[group] !== 1);
  if (!grouped && out.length === 0) return at(1);
  const zero = write(0);
  return [
    ...out.map((filter) => ({ filter, value: zero })),
    ...(grouped ? ORDER.map((group) => ({ filter: PARTS[group], value: at(curve.groups[group]) })) : []),
    { value: at(1) },
  ];
}
