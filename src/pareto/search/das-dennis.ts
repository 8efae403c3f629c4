/** Directions and weights on the unit simplex: evenly (Das & Dennis 1998), in layers (Deb & Jain 2014), or at random. */
import { randomStream } from '../../core/random/counter.ts';

/** All vectors (i₁ … i_M)/p of whole numbers with Σi = p: C(M + p − 1, p) of them, [count × M]. */
export function dasDennis(objectives: number, partitions: number): number[][] {
  if (objectives < 1 || partitions < 1) {
    throw new Error(
      `${objectives} objectives in ${partitions} partitions have no directions; wanted at least 1 of each`,
    );
  }
  return compositions(objectives, partitions).map((parts) => parts.map((part) => part / partitions));
}

function compositions(length: number, total: number): number[][] {
  if (length === 1) return [[total]];
  return Array.from({ length: total + 1 }, (_, first) =>
    compositions(length - 1, total - first).map((rest) => [first, ...rest]),
  ).flat();
}

/** C(M + p − 1, p) */
export function dasDennisCount(objectives: number, partitions: number): number {
  let count = 1;
  for (let k = 1; k <= partitions; k++) count = (count * (objectives + k - 1)) / k;
  return Math.round(count);
}

export interface Layer {
  readonly partitions: number;
  /** 1 is the whole simplex; smaller layers lie around its centre, and so hold directions inside it. */
  readonly scale: number;
}

/** Each layer's directions scaled by s and shifted by (1 − s)/M. */
export function layeredDirections(objectives: number, layers: readonly Layer[]): number[][] {
  return layers.flatMap(({ partitions, scale }) =>
    dasDennis(objectives, partitions).map((w) => w.map((part) => scale * part + (1 - scale) / objectives)),
  );
}

/** MAP's own: p = 2 at full size and p = 1 at half size, N(N + 3)/2 directions. */
export function mapDirections(objectives: number): number[][] {
  return layeredDirections(objectives, [
    { partitions: 2, scale: 1 },
    { partitions: 1, scale: 0.5 },
  ]);
}

/**
 * As many directions as a population can serve: the finest grid of at most `population`, and where that has none inside the
 * simplex (p < M) an inner layer at half size in what is left.
 */
export function directionsFor(objectives: number, population: number): number[][] {
  const outer = finest(objectives, population);
  if (outer < 1)
    throw new Error(`a population of ${population} cannot serve ${objectives} objectives; wanted at least as many`);
  const inner = Math.min(outer, finest(objectives, population - dasDennisCount(objectives, outer)));
  const layers = [{ partitions: outer, scale: 1 }];
  return layeredDirections(
    objectives,
    outer < objectives && inner >= 1 ? [...layers, { partitions: inner, scale: 0.5 }] : layers,
  );
}

/** Most partitions with at most `count` directions, 0 for none. */
export function finest(objectives: number, count: number): number {
  if (objectives === 1) return count >= 1 ? 1 : 0;
  let partitions = 0;
  while (dasDennisCount(objectives, partitions + 1) <= count) partitions++;
  return partitions;
}

/** Weights drawn evenly from the simplex (Dirichlet with all parameters 1), [count × M]. */
export function dirichlet(objectives: number, count: number, seed: number): number[][] {
  const random = randomStream(seed, 'dirichlet');
  return Array.from({ length: count }, () => {
    const parts = Array.from({ length: objectives }, () => -Math.log(1 - random.uniform()));
    const sum = parts.reduce((total, part) => total + part, 0);
    return parts.map((part) => (sum > 0 ? part / sum : 1 / objectives));
  });
}
