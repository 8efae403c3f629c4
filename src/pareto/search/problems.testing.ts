/** Known multi-objective problems, negated: everything is maximised. */
import type { Problem } from './population.ts';

const unit = (n: number) => Array.from({ length: n }, () => ({ min: 0, max: 1 }));

function byRow(n: number, objectives: number, costs: (x: Float64Array) => readonly number[]): Problem {
  const evaluate = (x: Float64Array) => {
    const values = new Float64Array((x.length / n) * objectives);
    for (let i = 0; i < x.length / n; i++) {
      for (const [m, cost] of costs(x.subarray(i * n, (i + 1) * n)).entries()) values[i * objectives + m] = -cost;
    }
    return values;
  };
  return { box: unit(n), objectives, evaluate };
}

/** Zitzler, Deb & Thiele 2000: the front is f₂ = 1 − √f₁. */
export function zdt1(n: number): Problem {
  return byRow(n, 2, (x) => {
    const [first = 0, ...rest] = x;
    const g = 1 + (9 * rest.reduce((sum, value) => sum + value, 0)) / (n - 1);
    return [first, g * (1 - Math.sqrt(first / g))];
  });
}

/** Deb, Thiele, Laumanns & Zitzler 2002: the front is the part of the unit sphere between the axes. */
export function dtlz2(n: number, objectives: number): Problem {
  return byRow(n, objectives, (x) => {
    const angles = [...x.subarray(0, objectives - 1)].map((value) => (value * Math.PI) / 2);
    const g = x.subarray(objectives - 1).reduce((sum, value) => sum + (value - 0.5) ** 2, 0);
    return Array.from({ length: objectives }, (_, m) => {
      const cosines = angles.slice(0, objectives - 1 - m).reduce((product, angle) => product * Math.cos(angle), 1 + g);
      return m === 0 ? cosines : cosines * Math.sin(angles[objectives - 1 - m] ?? 0);
    });
  });
}
