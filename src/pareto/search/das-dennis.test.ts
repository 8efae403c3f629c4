import { describe, expect, it } from 'vitest';
import { dasDennis, dasDennisCount, directionsFor, dirichlet, layeredDirections, mapDirections } from './das-dennis.ts';

const sums = (weights: readonly (readonly number[])[]) => weights.map((w) => w.reduce((sum, part) => sum + part, 0));

describe('directions on the simplex', () => {
  it.each([
    [2, 99, 100],
    [3, 12, 91],
    [4, 8, 165],
    [5, 6, 210],
    [8, 3, 120],
  ])('of %i objectives in %i partitions are %i, all different', (objectives, partitions, count) => {
    const directions = dasDennis(objectives, partitions);
    expect(directions).toHaveLength(count);
    expect(dasDennisCount(objectives, partitions)).toBe(count);
    expect(new Set(directions.map(String)).size).toBe(count);
    for (const sum of sums(directions)) expect(sum).toBeCloseTo(1, 12);
  });

  it('of MAP are N(N + 3)/2', () => {
    expect([2, 3, 4, 8].map((n) => mapDirections(n).length)).toEqual([5, 9, 14, 44]);
    expect(mapDirections(2)).toEqual([
      [0, 1],
      [0.5, 0.5],
      [1, 0],
      [0.25, 0.75],
      [0.75, 0.25],
    ]);
  });

  it('of an inner layer stay on the simplex, away from its border', () => {
    const inner = layeredDirections(4, [{ partitions: 2, scale: 0.5 }]);
    for (const sum of sums(inner)) expect(sum).toBeCloseTo(1, 12);
    expect(Math.min(...inner.flat())).toBe(0.125);
  });

  it('for a population are as many as it can serve, with some inside the simplex', () => {
    expect(directionsFor(2, 100)).toHaveLength(100);
    expect(directionsFor(3, 100)).toHaveLength(91);
    expect(directionsFor(8, 100)).toHaveLength(72);
    expect(directionsFor(8, 100).some((direction) => Math.min(...direction) > 0)).toBe(true);
    expect(() => directionsFor(8, 7)).toThrow('a population of 7 cannot serve 8 objectives');
  });

  it('at random are weights, evenly spread: each has the mean 1/M', () => {
    const weights = dirichlet(3, 4000, 1);
    for (const sum of sums(weights)) expect(sum).toBeCloseTo(1, 12);
    expect(Math.min(...weights.flat())).toBeGreaterThanOrEqual(0);
    for (let m = 0; m < 3; m++) {
      const mean = weights.reduce((sum, w) => sum + (w[m] ?? 0), 0) / weights.length;
      // The variance of a part is 1/18: four standard deviations.
      expect(Math.abs(mean - 1 / 3)).toBeLessThan(4 * Math.sqrt(1 / 18 / weights.length));
    }
  });
});
