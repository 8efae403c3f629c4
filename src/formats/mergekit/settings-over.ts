/** Values of single tensors as a setting from which mergekit gives each tensor its own again. */
import type { Conditional, Scalar, Setting, Values } from './configuration.ts';
import { layerCounts, layerNameOf, stationOf } from './layer-name.ts';
import { valueAt } from './setting.ts';
import { roundedForYaml } from './values.ts';

export type ValueByTensor = ReadonlyMap<string, number | boolean>;

/** @returns undefined where filters cannot tell the tensors apart */
export function settingOver(values: ValueByTensor): Setting | undefined {
  const written = new Map([...values].map(([name, value]) => [name, asWritten(value)]));
  const all = new Set(written.values());
  const [only] = all;
  if (only === undefined || all.size === 1) return only;
  return [byLayer(written), byName(written)].find((setting) => gives(setting, written));
}

const asWritten = (value: number | boolean): number | boolean =>
  typeof value === 'number' ? roundedForYaml(value) : value;

/** The last part of the names of tensors that are there in every layer, with their values from the first layer to the last. */
function rows(values: ValueByTensor): ReadonlyMap<string, readonly Scalar[]> {
  const counts = layerCounts([...values.keys()]);
  const made = new Map<string, Scalar[]>();
  for (const [name, value] of values) {
    const own = layerNameOf(name);
    if (!own) continue;
    const row = made.get(own.rest) ?? Array.from({ length: counts.get(own.prefix) ?? 1 }, () => value);
    row[own.layer] = value;
    made.set(own.rest, row);
  }
  return made;
}

const compact = (row: readonly Scalar[]): Values => (row.every((one) => one === row[0]) ? (row[0] ?? 0) : row);

/** A list of values over the layers; what differs from the most frequent one is told by its name. */
function byLayer(values: ValueByTensor): Setting {
  const lists = [...rows(values)].map(([rest, row]) => [rest, compact(row)] as const);
  const usual = mostFrequent(lists.map(([, list]) => list));
  const usualText = JSON.stringify(usual);
  const unusual = lists.filter(([, list]) => JSON.stringify(list) !== usualText);
  const outside = [...values].filter(([name, value]) => !layerNameOf(name) && value !== first(usual));
  const filtered: Conditional[] = [...unusual, ...outside].map(([filter, value]) => ({ filter, value }));
  return filtered.length === 0 ? usual : [...filtered.sort(longestFirst), { value: usual }];
}

/** Every tensor by its whole name. */
const byName = (values: ValueByTensor): Setting =>
  [...values].map(([filter, value]) => ({ filter, value })).sort(longestFirst);

/** A filter that is part of another must not catch its tensors. */
const longestFirst = (a: Conditional, b: Conditional) => (b.filter?.length ?? 0) - (a.filter?.length ?? 0);

const first = (values: Values): Scalar | undefined => (typeof values === 'object' ? values[0] : values);

function mostFrequent(lists: readonly Values[]): Values {
  const counts = new Map<string, { readonly list: Values; readonly count: number }>();
  for (const list of lists) {
    const key = JSON.stringify(list);
    counts.set(key, { list, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.list ?? 0;
}

/** Rounding of positions between layers. */
const CLOSE = 1e-9;

/** Whether mergekit gives every tensor its value. */
function gives(setting: Setting, values: ValueByTensor): boolean {
  const counts = layerCounts([...values.keys()]);
  return [...values].every(([name, wanted]) => {
    const own = layerNameOf(name);
    const t = own ? stationOf(own.layer, counts.get(own.prefix) ?? 1) : 0;
    const kind = typeof wanted === 'number' ? 'number' : 'boolean';
    const got = valueAt('value', kind, [{ value: setting }], { name, t });
    return got === wanted || (typeof got === 'number' && Math.abs(got - Number(wanted)) < CLOSE);
  });
}
