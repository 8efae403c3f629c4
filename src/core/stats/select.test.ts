import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MagnitudeSelect } from './select.ts';

const value = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, -1, 0.5, 2 ** -30),
);

test('any rank of any numbers, in any parts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(value), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (parts, at) => {
        const all = Float32Array.from(parts.flat(), Math.abs).sort();
        fc.pre(all.length > 0);
        const rank = 1 + Math.floor(at * (all.length - 1));
        const select = new MagnitudeSelect();
        for (const part of parts) select.add(Float32Array.from(part));
        expect(select.total).toBe(all.length);
        select.narrow(rank);
        for (const part of parts) select.add(Float32Array.from(part));
        const wanted = all[rank - 1] as number;
        expect(select.result()).toEqual({
          value: wanted,
          equal: all.filter((other) => other === wanted).length,
          greater: all.filter((other) => other > wanted).length,
        });
      },
    ),
    { numRuns: 1000 },
  );
});
