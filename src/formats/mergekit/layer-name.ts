/** Layers as mergekit tells them: by the first number in a tensor's name. */

interface LayerName {
  /** With the dot before the number. */
  readonly prefix: string;
  readonly layer: number;
  readonly rest: string;
}

export function layerNameOf(name: string): LayerName | undefined {
  const found = /(?:^|\.)(\d+)\./.exec(name);
  if (!found) return undefined;
  const rest = name.slice(found.index + found[0].length);
  const number = found[1] ?? '';
  return {
    prefix: name.slice(0, found.index + found[0].length - number.length - 1),
    layer: Number(number),
    rest,
  };
}

/** Number of layers by the prefix of their names. */
export function layerCounts(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    const own = layerNameOf(name);
    if (own) counts.set(own.prefix, Math.max(counts.get(own.prefix) ?? 0, own.layer + 1));
  }
  return counts;
}

/** A single layer counts as the last. */
export const stationOf = (layer: number, count: number): number => (count > 1 ? layer / (count - 1) : 1);
