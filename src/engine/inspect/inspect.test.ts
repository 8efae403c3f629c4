/** Inspecting over any source: parts of any size, missing tensors, and maps against the plain definition. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinSvd } from '../../core/linalg/svd.ts';
import { randomStream } from '../../core/random/counter.ts';
import { differenceIn, differenceMap } from './difference.ts';
import { createPixelMap } from './pixel-map.ts';
import { keptMap, signMap } from './signs.ts';
import type { InspectedModel, InspectSource } from './source.ts';
import { surveyTensor } from './survey.ts';
import { tensorPage } from './tensor-page.ts';

const MODELS: readonly InspectedModel[] = [
  { id: 'base', role: 'base' },
  { id: 'a', role: 'expert' },
  { id: 'b', role: 'expert' },
  { id: 'mix', role: 'merge' },
];

function sourceOf(shape: readonly number[], values: Readonly<Record<string, Float32Array>>, models = MODELS) {
  const tensor = { name: 'w', shape, dtype: 'F32', depth: 0, group: 'mlp' };
  const source: InspectSource = {
    models,
    tensors: [tensor],
    has: (model) => model in values,
    read: async (model, _, from, to) => (values[model] ?? new Float32Array()).subarray(from, to),
  };
  return { source, tensor };
}

function random(shape: readonly number[], seed = 1, ids = ['base', 'a', 'b', 'mix']) {
  const length = shape.reduce((product, side) => product * side, 1);
  return Object.fromEntries(
    ids.map((id) => {
      const stream = randomStream(seed, id);
      return [id, Float32Array.from({ length }, () => stream.normal())];
    }),
  );
}

const of = (values: Readonly<Record<string, Float32Array>>, id: string) => values[id] ?? new Float32Array();

describe('the survey', () => {
  it('of a tensor of several parts is that of the whole', async () => {
    // More than one part of 2¹⁸ entries.
    const values = random([600, 500]);
    const { source, tensor } = sourceOf([600, 500], values);
    const { models, weights, changes } = await surveyTensor(source, tensor);
    const product = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
    expect(models[1]?.norm).toBeCloseTo(Math.sqrt(product(of(values, 'a'), of(values, 'a'))), 6);
    expect(weights[1 * 4 + 2]).toBeCloseTo(product(of(values, 'a'), of(values, 'b')), 6);
    expect(weights[2 * 4 + 1]).toBe(weights[1 * 4 + 2]);
    const tau = (id: string) => of(values, id).map((value, i) => value - (of(values, 'base')[i] ?? 0));
    expect(changes?.[1 * 4 + 3]).toBeCloseTo(product(tau('a'), tau('mix')), 6);
    expect(changes?.[0]).toBe(0);
  });

  it('says which models lack a tensor, and has no changes without a base', async () => {
    const values = random([3, 2], 1, ['a', 'mix']);
    const { source, tensor } = sourceOf([3, 2], values);
    const survey = await surveyTensor(source, tensor);
    expect(survey.models.map((model) => model !== null)).toEqual([false, true, false, true]);
    expect(survey.changes).toBeNull();
    expect(survey.weights[1 * 4 + 2]).toBeNaN();
    expect((await tensorPage(source, 'w')).changes).toEqual([]);
    expect(await signMap(source, tensor)).toBeNull();
    expect(await keptMap(source, tensor, 0.5)).toBeNull();
  });
});

describe('maps', () => {
  it('keep the mean of what they show, whatever a pixel stands for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (rows, cols) => {
        const map = createPixelMap(rows, cols);
        for (let i = 0; i < rows * cols; i++) map.add(i, i % 3);
        const { values, width, height, colsPerPixel, rowsPerPixel } = map.result();
        expect(Math.max(width, height)).toBeLessThanOrEqual(192);
        let sum = 0;
        values.forEach((value, at) => {
          const across = Math.min(cols, ((at % width) + 1) * colsPerPixel) - (at % width) * colsPerPixel;
          const down =
            Math.min(rows, (Math.floor(at / width) + 1) * rowsPerPixel) - Math.floor(at / width) * rowsPerPixel;
          sum += value * across * down;
        });
        let expected = 0;
        for (let i = 0; i < rows * cols; i++) expected += i % 3;
        expect(sum).toBeCloseTo(expected, 0);
      }),
      { numRuns: 30 },
    );
  });

  it('of signs: agreement by count, unchanged entries aside', async () => {
    const { source, tensor } = sourceOf([2, 2], {
      base: new Float32Array(4),
      a: new Float32Array([1, 1, 0, 0]),
      b: new Float32Array([2, -1, 3, 0]),
      mix: new Float32Array([1, 0, 1, 0]),
    });
    const map = await signMap(source, tensor);
    expect([...(map?.agreement.values ?? [])]).toEqual([1, 0.5, 1, 1]);
    expect(map?.conflicts).toBe(0.25);
    expect(map?.mean).toBeCloseTo(2.5 / 3, 12);
  });

  it('of what trimming keeps: exactly ⌊n·density⌋ of each expert, the largest, ties by place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        async (n, density, seed) => {
          const stream = randomStream(seed, 'ties');
          const draw = () => Float32Array.from({ length: n }, () => stream.integer(5) - 2);
          const values = { base: new Float32Array(n), a: draw(), b: draw() };
          const { source, tensor } = sourceOf([n], values);
          const map = await keptMap(source, tensor, density);
          if (!map || 'refused' in map) throw new Error('there is a map');
          const kept = Math.max(1, Math.floor(n * density));
          expect(map.byCount.reduce((sum, share, count) => sum + share * count, 0)).toBeCloseTo((2 * kept) / n, 9);
          const order = (own: Float32Array) =>
            [...own.keys()].sort((i, j) => Math.abs(own[j] ?? 0) - Math.abs(own[i] ?? 0) || i - j).slice(0, kept);
          const counts = Float32Array.from(
            { length: n },
            (_, i) => [values.a, values.b].filter((own) => order(own).includes(i)).length / 2,
          );
          expect(map.kept.values).toEqual(counts);
        },
      ),
    );
  });
});

describe('a tensor by itself', () => {
  it('has the spectrum of the base, of every change, and of the merge before and after', async () => {
    const values = random([5, 3]);
    const { source } = sourceOf([5, 3], values);
    const { spectra, weights, changes } = await tensorPage(source, 'w');
    if (!Array.isArray(spectra)) throw new Error('there are spectra');
    expect(spectra.map(({ model, of }) => `${model} ${of}`)).toEqual([
      'base weights',
      'a change',
      'b change',
      'mix weights',
      'mix change',
    ]);
    const tau = of(values, 'a').map((value, i) => value - (of(values, 'base')[i] ?? 0));
    const exact = thinSvd(tau, 5, 3).values;
    for (const [i, value] of (spectra[1]?.values ?? []).entries()) expect(value).toBeCloseTo(exact[i] ?? 0, 5);
    expect(weights.map(({ histogram }) => histogram.counts.length)).toEqual([64, 64, 64, 64]);
    expect(changes.map(({ model }) => model)).toEqual(['a', 'b', 'mix']);
  });

  it('says why a matrix is not decomposed', async () => {
    const values = random([600, 600], 1, ['base']);
    const { source } = sourceOf([600, 600], values);
    expect((await tensorPage(source, 'w')).spectra).toContain('the limit is 512');
    const broken = sourceOf([2, 2], { base: new Float32Array([1, Number.NaN, 0, 0]) });
    expect((await tensorPage(broken.source, 'w')).spectra).toContain('not numbers');
  });
});

describe('a difference', () => {
  it('names its size and its largest entry', async () => {
    const { source, tensor } = sourceOf([2, 3], {
      a: new Float32Array([0, 3, 0, 0, -4, 0]),
      b: new Float32Array(6),
    });
    expect(await differenceIn(source, tensor, 'a', 'b')).toEqual({
      name: 'w',
      norm: 5,
      reference: 0,
      most: 4,
      at: 4,
      share: 2 / 6,
    });
    expect([...((await differenceMap(source, tensor, 'a', 'b'))?.values ?? [])]).toEqual([0, 3, 0, 0, 4, 0]);
    expect(await differenceIn(source, tensor, 'a', 'base')).toBeUndefined();
  });
});
