import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf, cosineMatrix, layersOf } from './cosines.ts';
import { coarseFirst, LINE_PLACES, linePlaces, planeGrid, valueAt } from './landscape.ts';
import type { SeenModel, TensorSurvey } from './subject.ts';

const MODELS: readonly SeenModel[] = [
  { id: 'base', name: 'Base', role: 'base', index: -1 },
  { id: 'a', name: 'A', role: 'expert', index: 0 },
  { id: 'b', name: 'B', role: 'expert', index: 1 },
];

/** A tensor of two entries, by model. */
function tensor(name: string, values: readonly (readonly [number, number])[], depth = 0): TensorSurvey {
  const products = (rows: readonly (readonly [number, number])[]) =>
    Float64Array.from(rows.flatMap((x) => rows.map((y) => x[0] * y[0] + x[1] * y[1])));
  const [base = [0, 0]] = values;
  return {
    tensor: { name, shape: [2], dtype: null, depth, group: null },
    models: [],
    weights: products(values),
    changes: products(values.map(([x, y]) => [x - base[0], y - base[1]])),
  };
}

describe('cosines', () => {
  const one = tensor('layer.0.w', [
    [1, 0],
    [2, 0],
    [1, 3],
  ]);
  const two = tensor('layer.1.w', [
    [0, 0],
    [1, 0],
    [1, 0],
  ]);

  it('of changes leave the base out; over several tensors they are those of the joined vectors', () => {
    expect(cosineMatrix([one], MODELS, 'changes')).toMatchObject({
      values: [
        [1, 0],
        [0, 1],
      ],
      tensors: 1,
    });
    const { values } = cosineMatrix([one, two], MODELS, 'changes');
    expect(values[0]?.[1]).toBeCloseTo(1 / Math.sqrt(2 * 10), 12);
  });

  it('leave out what is not in all models', () => {
    const lacking = { ...two, changes: two.changes?.map(() => Number.NaN) ?? null };
    expect(cosineMatrix([one, lacking], MODELS, 'changes')).toMatchObject({ tensors: 1 });
    expect(changeOf([lacking], MODELS, 1)).toBeNull();
  });

  it('changes are told as a share of the base', () => {
    expect(changeOf([one], MODELS, 2)).toEqual({ norm: 3, relative: 3 });
    expect(changeOf([one, two], MODELS, 1)).toEqual({ norm: Math.SQRT2, relative: Math.SQRT2 });
  });
});

describe('layers', () => {
  it('are told by the first number of a name, in their order, with what lies before and behind', () => {
    const names = ['norm.weight', 'h.10.w', 'embed.weight', 'h.2.w.3', 'h.2.b'];
    const all = names.map((name) => tensor(name, [], name.startsWith('norm') ? 1 : 0));
    expect(layersOf(all).map(({ name, tensors }) => [name, tensors.length])).toEqual([
      ['in', 1],
      ['3', 2],
      ['11', 1],
      ['out', 1],
    ]);
  });
});

describe('places', () => {
  it('of a line begin and end with a model alone', () => {
    const places = linePlaces('a', 'b');
    expect(places).toHaveLength(LINE_PLACES);
    expect([places[0]?.shares, places.at(-1)?.shares]).toEqual([
      { a: 1, b: 0 },
      { a: 0, b: 1 },
    ]);
    expect(linePlaces('a', 'a')[7]?.shares).toEqual({ a: 1 });
  });

  it('of a plane hold its corners and everything seen from it; shares sum to 1', () => {
    const plane = {
      corners: [
        [0, 0],
        [4, 0],
        [1, 3],
      ],
    } as const;
    const { x, y, places } = planeGrid({ plane, shadows: [{ x: -2, y: 5, distance: 1 }] }, ['p', 'q', 'r']);
    expect([x[0] < -2, x[1] > 4, y[0] < 0, y[1] > 5]).toEqual([true, true, true, true]);
    for (const { shares } of places)
      expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it('are measured each once, the corners first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), (side) => {
        const order = coarseFirst(side);
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(side * side).keys()]);
        expect(order[0]).toBe(0);
      }),
    );
  });
});

describe('values', () => {
  const scores = { a: { correct: 3, n: 4, loss: 2 }, b: { correct: 1, n: 4, loss: 6 } };

  it('are the mean over the tasks, or those of one', () => {
    expect([valueAt(scores, null, 'accuracy'), valueAt(scores, 'a', 'accuracy')]).toEqual([0.5, 0.75]);
    expect([valueAt(scores, null, 'loss'), valueAt(scores, 'b', 'loss')]).toEqual([1, 1.5]);
    expect(valueAt(scores, 'nobody', 'loss')).toBeUndefined();
  });
});
