import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countAtMost, kthSmallestMagnitude, sortedAscending, sortedMagnitudes } from './order.ts';

const floats = fc
  .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 40 })
  .map((values) => Float32Array.from(values));

test('sorted magnitudes are ascending absolute values, and the input stays', () => {
  const values = Float32Array.of(0.5, -3, -0, 2);
  expect([...sortedMagnitudes(values)]).toEqual([0, 0.5, 2, 3]);
  expect([...values]).toEqual([0.5, -3, -0, 2]);
});

test('the k-th smallest over several runs is the k-th of everything sorted', () => {
  fc.assert(
    fc.property(fc.array(floats, { minLength: 1, maxLength: 4 }), fc.nat(), (parts, choice) => {
      const all = sortedMagnitudes(Float32Array.from(parts.flatMap((part) => [...part])));
      if (all.length === 0) return;
      const k = 1 + (choice % all.length);
      expect(kthSmallestMagnitude(parts.map(sortedMagnitudes), k)).toBe(all[k - 1]);
    }),
    { seed: 1 },
  );
});

test('a k outside 1 … total is refused, with both numbers', () => {
  expect(() => kthSmallestMagnitude([Float32Array.of(1)], 2)).toThrow('k is 2, must be between 1 and 1');
  expect(() => kthSmallestMagnitude([], 0)).toThrow('k is 0');
});

test('counting at most a limit counts its equals', () => {
  const run = Float32Array.of(0, 1, 1, 2);
  expect([-1, 0, 1, 1.5, 9].map((limit) => countAtMost(run, limit))).toEqual([0, 1, 3, 3, 4]);
});

test('long arrays are sorted as short ones are, and may be parts of others', () => {
  const long = Float32Array.from({ length: 5_000 }, (_, i) =>
    i % 3 === 0 ? 0 : Math.sin(i * i) * 10 ** ((i % 9) - 4),
  );
  for (const values of [long, long.subarray(7, 4_321)]) {
    expect(sortedAscending(values)).toEqual(values.slice().sort());
    expect(sortedMagnitudes(values)).toEqual(values.map(Math.abs).sort());
  }
});
