import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinSvd } from '../../core/linalg/svd.ts';
import { bitAt, maskReadout, packBits } from './bits.ts';
import { arraysIn, bitsOf, type Code } from './code-size.ts';
import { decodePruned, encodePruned } from './codec-pruned.ts';
import { contextMatrix, inContext } from './codec-seeds.ts';
import { addSigns, encodeSigns } from './codec-signs.ts';
import { bitsAt, decodeSvd, encodeSvd, rankOfEnergy } from './codec-svd.ts';
import { decodeVector, encodeVector } from './codec-vector.ts';

const change = fc.array(
  fc.integer({ min: -40, max: 40 }).map((n) => n / 8),
  { minLength: 1, maxLength: 40 },
);
const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
const difference = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a, (value, i) => value - (b[i] ?? 0));

/** Everything that has to be written, in one buffer. */
function written(code: Code): Uint8Array {
  const arrays = arraysIn(code);
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

const PLAN = [
  { share: 0.25, bits: 8 },
  { share: 0.75, bits: 3 },
];
const matrix = (rows: number, cols: number) =>
  Float32Array.from({ length: rows * cols }, (_, i) => Math.sin(7 * i + (i % 5)) + 0.1 * i);

describe('sizes', () => {
  it.each([1, 8, 9, 105])('of signs: a bit for each of %i weights and a float', (n) => {
    const code = encodeSigns(Float32Array.from({ length: n }, (_, i) => i - 3));
    expect(written(code).length).toBe(Math.ceil(n / 8) + 4);
    expect(bitsOf(code)).toBe(8 * written(code).length);
  });

  it('of a truncated SVD: its directions at their bits, a float for each vector, and the rank', () => {
    const [rows, cols, rank] = [6, 9, 5];
    const code = encodeSvd(thinSvd(matrix(rows, cols), rows, cols), rows, cols, rank, PLAN);
    const widths = Array.from({ length: rank }, (_, j) => bitsAt(PLAN, j, rank));
    expect(widths).toEqual([8, 8, 3, 3, 3]);
    const vectors = widths.reduce((sum, b) => sum + Math.ceil((rows * b) / 8) + Math.ceil((cols * b) / 8) + 8, 0);
    expect(written(code).length).toBe(vectors + 2);
    expect(bitsOf(code)).toBe(8 * written(code).length);
  });

  it('of a pruned change: a bit for each place and a float for each value; without places where all is kept', () => {
    const values = Float32Array.from({ length: 21 }, (_, i) => Math.sin(i));
    expect(written(encodePruned(values, 0.5)).length).toBe(3 + 4 * 10);
    expect(written(encodePruned(values, 1)).length).toBe(4 * 21);
    expect(bitsOf(encodePruned(values, 0))).toBe(8 * 3);
  });
});

describe('masks', () => {
  it('hold a bit for every weight', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (kept) => {
        const bits = packBits(kept.length, (i) => kept[i] ?? false);
        expect(bits.length).toBe(Math.ceil(kept.length / 8));
        expect(kept.map((_, i) => bitAt(bits, i))).toEqual(kept);
      }),
    );
  });

  it('are counted by expert and by agreement', () => {
    const masks = [0b0111, 0b0011, 0b0001].map((byte) => Uint8Array.of(byte));
    expect(maskReadout(masks, 4)).toEqual({ kept: [0.75, 0.5, 0.25], agreement: [1, 1, 1, 1] });
  });
});

describe('signs', () => {
  const decoded = (values: readonly number[]) => {
    const out = new Float32Array(values.length);
    addSigns(encodeSigns(values), values.length, 1, out);
    return out;
  };

  it('have the length that is nearest to the change, and the residual that follows from it', () => {
    fc.assert(
      fc.property(change, (values) => {
        const { scale } = encodeSigns(values);
        const alpha = scale[0] ?? 0;
        const residual = norm(difference(values, decoded(values))) ** 2;
        expect(residual).toBeCloseTo(norm(values) ** 2 - values.length * alpha ** 2, 3);
      }),
    );
  });

  it('of decoded signs are the same: compressing twice changes nothing more', () => {
    fc.assert(
      fc.property(change, (values) => {
        const once = decoded(values);
        const again = decoded([...once]);
        expect(norm(difference(once, again))).toBeLessThan(1e-5 * (1 + norm(once)));
      }),
    );
  });
});

describe('vectors of b bits', () => {
  it.each([2, 3, 4, 8, 16])('of %i bits are off by half a step at most', (bits) => {
    fc.assert(
      fc.property(change, (values) => {
        const code = encodeVector(values, bits);
        const largest = Math.max(...values.map(Math.abs));
        const errors = difference(values, decodeVector(code, values.length, bits)).map(Math.abs);
        expect(Math.max(...errors)).toBeLessThanOrEqual(largest / 2 ** bits + 1e-6);
      }),
    );
  });
});

describe('truncated SVDs', () => {
  const [rows, cols] = [7, 5];
  const x = matrix(rows, cols);
  const svd = thinSvd(x, rows, cols);
  const error = (rank: number, bits: number) => {
    const plan = [{ share: 1, bits }];
    return norm(difference(x, decodeSvd(encodeSvd(svd, rows, cols, rank, plan), rows, cols, plan)));
  };

  it('keep as many directions as have the energy', () => {
    expect(rankOfEnergy([2, 1], 0.8)).toBe(1);
    expect(rankOfEnergy([2, 1], 0.81)).toBe(2);
    expect(rankOfEnergy([3, 0, 0], 1)).toBe(1);
    expect([rankOfEnergy([2, 1], 0), rankOfEnergy([0, 0], 0.5)]).toEqual([0, 0]);
  });

  it('come nearer with every direction and with more bits', () => {
    const byRank = Array.from({ length: 5 }, (_, rank) => error(rank, 16));
    expect(byRank).toEqual([...byRank].sort((a, b) => b - a));
    const byBits = [2, 4, 8, 16].map((bits) => error(5, bits));
    expect(byBits).toEqual([...byBits].sort((a, b) => b - a));
    expect(byBits.at(-1)).toBeLessThan(1e-3 * norm(x));
  });
});

describe('pruned changes', () => {
  it('keep the largest entries as they are', () => {
    fc.assert(
      fc.property(change, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const source = Float32Array.from(values);
        const out = decodePruned(encodePruned(source, share), source.length);
        const kept = Array.from(out).filter((value, i) => value !== 0 && value === source[i]);
        expect(Array.from(out).every((value, i) => value === 0 || value === source[i])).toBe(true);
        expect(kept.length).toBeLessThanOrEqual(Math.floor(source.length * share));
      }),
    );
  });
});

describe('random contexts', () => {
  it.each(['identity', 'signs', 'rotation'] as const)('%s: what was turned is turned back', (kind) => {
    const x = matrix(4, 6);
    const context = contextMatrix(kind, { seed: 3, expert: 1, start: 40 }, 6);
    const back = inContext(inContext(x, context, 6, 'into'), context, 6, 'back');
    expect(norm(difference(x, back))).toBeLessThan(1e-6 * norm(x));
  });

  it('differ between experts, matrices and seeds, and are the same again for the same', () => {
    const at = (seed: number, expert: number, start: number) =>
      contextMatrix('signs', { seed, expert, start }, 24)?.join();
    expect(at(1, 0, 0)).toBe(at(1, 0, 0));
    expect(new Set([at(1, 0, 0), at(1, 1, 0), at(1, 0, 24), at(2, 0, 0)]).size).toBe(4);
  });

  it('leave the others as noise of their own size: E‖Δ̂ − Δ‖² = Σ‖others‖²', () => {
    const [rows, cols] = [8, 16];
    const deltas = [0, 1, 2].map((t) =>
      Float32Array.from({ length: rows * cols }, (_, i) => Math.sin((t + 1) * i + t)),
    );
    const rounds = 200;
    let noise = 0;
    for (let seed = 0; seed < rounds; seed++) {
      const contexts = deltas.map((_, expert) => contextMatrix('signs', { seed, expert, start: 0 }, cols));
      const sum = new Float64Array(rows * cols);
      for (const [t, delta] of deltas.entries())
        for (const [i, value] of inContext(delta, contexts[t], cols, 'into').entries()) sum[i] = (sum[i] ?? 0) + value;
      noise += norm(difference(inContext(sum, contexts[0], cols, 'back'), deltas[0] ?? [])) ** 2 / rounds;
    }
    const others = deltas.slice(1).reduce((total, delta) => total + norm(delta) ** 2, 0);
    expect(noise / others).toBeGreaterThan(0.9);
    expect(noise / others).toBeLessThan(1.1);
  });
});
