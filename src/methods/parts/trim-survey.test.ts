import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import type { Input, Piece } from '../define.ts';
import { balanceOfSigns } from './elect.ts';
import { cutsOf, surveyOf, trimmedRows } from './trim.ts';
import { trimSurveyor } from './trim-survey.ts';

// Few different values: many entries equal the threshold.
const value = fc.constantFrom(0, -0, 1, -1, 2, -2, 0.25);

const networks = fc
  .record({
    lengths: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
    experts: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ lengths, experts }) => {
    const length = lengths.reduce((sum, one) => sum + one, 0);
    const row = fc.array(value, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
    return fc.record({
      lengths: fc.constant(lengths),
      rows: fc.array(row, { minLength: experts, maxLength: experts }),
      part: fc.integer({ min: 1, max: 5 }),
    });
  });

const tensorAt = (name: number, start: number, length: number) =>
  ({ name: `tensor.${name}`, shape: [length], role: 'bias', group: 'mlp', depth: 0, start, length }) as const;

test.each([
  ['global', 0.4],
  ['tensor', 0.4],
  ['tensor', 0.01],
  ['global', 1],
] as const)('what survives in parts survives at once (%s, density %f)', async (scope, density) => {
  await fc.assert(
    fc.asyncProperty(networks, fc.boolean(), async ({ lengths, rows, part }, majority) => {
      const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, one) => sum + one, 0));
      const tensors = lengths.map((length, i) => tensorAt(i, starts[i] as number, length));
      const whole: Piece = { start: 0, length: rows[0]?.length ?? 0, tensors };
      const wanted = trimmedRows(rows, whole, cutsOf([surveyOf(whole, rows)], density, scope));
      const parts = lengths.map((length, i) => {
        const pieces: Piece[] = [];
        for (let at = 0; at < length; at += part) {
          const size = Math.min(part, length - at);
          pieces.push({ start: (starts[i] as number) + at, length: size, tensors: [{ ...tensorAt(i, 0, size) }] });
        }
        return pieces;
      });
      const valuesOf = ({ start, length }: Piece) => rows.map((row) => row.slice(start, start + length));
      const surveyor = trimSurveyor({ experts: rows.length, density, scope, majority });
      for (let pass = 0; pass < surveyor.passes; pass++) {
        for (const pieces of parts) {
          do
            for (const piece of pieces) {
              const taskVectors = valuesOf(piece).map((row) => tf.tensor1d(row));
              await surveyor.add({ piece, taskVectors } as unknown as Input);
              tf.dispose(taskVectors);
            }
          while (surveyor.endTensor());
        }
        surveyor.endPass();
      }
      const { cuts, majority: elected } = surveyor.conclude();
      const found = new Float32Array(wanted.length);
      for (const piece of parts.flat()) {
        const trimmed = trimmedRows(valuesOf(piece), piece, cuts);
        for (const t of rows.keys())
          found.set(trimmed.subarray(t * piece.length, (t + 1) * piece.length), t * whole.length + piece.start);
      }
      expect(found).toEqual(wanted);
      expect(elected).toBe(majority ? Math.sign(balanceOfSigns(wanted, rows.length)) : 1);
    }),
    { numRuns: 150 },
  );
});
