import { describe, expect, it } from 'vitest';
import { randomStream } from '../../core/random/counter.ts';
import peers from '../fixtures/peers.json' with { type: 'json' };
import { flattened } from '../front/dominance.ts';
import { sortIntoFronts } from '../front/sorting.ts';
import { expectClose } from '../quadratic.testing.ts';
import { dasDennis } from './das-dennis.ts';
import { normalised, rescale, type Scale } from './hyperplane.ts';
import { type Association, associate, fillNiches } from './niching.ts';

const COSTS = [
  [0, 0, 1],
  [0, 1, 0],
  [1, 0, 0],
  [0.3, 0.3, 0.5],
  [0.6, 0.2, 0.3],
  [0.2, 0.7, 0.2],
  [0.9, 0.9, 0.9],
];
const DIRECTIONS = dasDennis(3, 4);

function scaleOf(costs: Float64Array, objectives: number, earlier?: Scale): Scale {
  const [first = []] = sortIntoFronts(
    costs.map((value) => -value),
    objectives,
  );
  return rescale(costs, objectives, first, earlier);
}

describe('normalisation and association', () => {
  it.each([
    ['as they are', [1, 1, 1], [0, 0, 0]],
    ['in other units', [2, 5, 10], [1, -1, 3]],
  ])('are the specification’s, costs %s', (_, factor, shift) => {
    const at = (values: readonly number[], k: number) => values[k % 3] ?? 0;
    const costs = flattened(COSTS, 3).map((value, k) => value * at(factor, k) + at(shift, k));
    const scale = scaleOf(costs, 3);
    expectClose(scale.ideal, shift, 1e-12);
    expectClose(
      scale.nadir,
      shift.map((value, m) => value + at(factor, m)),
      1e-12,
    );
    const { niche, distance } = associate(normalised(costs, scale), DIRECTIONS);
    expect([...niche.slice(3)].map((d) => DIRECTIONS[d])).toEqual([
      [0.25, 0.25, 0.5],
      [0.5, 0.25, 0.25],
      [0.25, 0.5, 0.25],
      [0.25, 0.25, 0.5],
    ]);
    expectClose(distance.slice(3), [0.0577350269, 0.0912870929, 0.1732050808, 0.5196152423], 1e-9);
  });

  it.each(peers.normalisation)(
    'are pymoo’s over three generations, case %#',
    ({ objectives, partitions, generations }) => {
      const directions = dasDennis(objectives, partitions);
      let scale: Scale | undefined;
      for (const { costs, ideal, nadir, niche, distance } of generations) {
        const values = flattened(costs, objectives);
        scale = scaleOf(values, objectives, scale);
        expectClose(scale.ideal, ideal, 1e-9);
        expectClose(scale.nadir, nadir, 1e-9);
        const got = associate(normalised(values, scale), directions);
        expectClose(got.distance, distance, 1e-9);
        // pymoo orders the directions as we do.
        expect([...got.niche]).toEqual(niche);
      }
    },
  );

  it('take differences below a thousandth for none when they look for extreme points', () => {
    // By exact differences the first row would be the extreme point of the first axis.
    const costs = [
      [1, 0.0005, 0],
      [0.9, 0, 0.0009],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const { extremes, nadir } = scaleOf(flattened(costs, 3), 3);
    expect([...extremes.slice(0, 3)]).toEqual([0.9, 0, 0.0009]);
    expectClose(nadir, [0.9 / (1 - 0.0009), 1, 1], 1e-12);
  });

  it('fall back to the worst of the front where the extreme points span no plane', () => {
    const line = flattened(
      [
        [0, 4],
        [0, 4],
      ],
      2,
    );
    const { ideal, nadir } = scaleOf(line, 2);
    expect([[...ideal], [...nadir]]).toEqual([
      [0, 4],
      [0, 4],
    ]);
    expect([...normalised(line, { ...scaleOf(line, 2) })]).toEqual([0, 0, 0, 0]);
  });
});

describe('niching', () => {
  const random = () => randomStream(1, 'niching');
  const association = (niche: readonly number[], distance: readonly number[]): Association => ({
    niche: Int32Array.from(niche),
    distance: Float64Array.from(distance),
  });

  it('serves empty directions first, each with its nearest member', () => {
    const three = association([0, 1, 1, 2, 2], [0, 0.4, 0.2, 0.1, 0.3]);
    expect(fillNiches(three, [0], [1, 2, 3, 4], 2, random()).toSorted()).toEqual([2, 3]);
  });

  it('then the least crowded ones, until as many are chosen as wanted', () => {
    const crowded = association([0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 0, 1, 2]);
    const chosen = fillNiches(crowded, [0, 1, 2], [3, 4, 5, 6], 3, random());
    expect(chosen.toSorted()).toEqual([4, 5, 6]);
    expect(fillNiches(crowded, [0, 1, 2], [3, 4, 5, 6], 4, random()).toSorted()).toEqual([3, 4, 5, 6]);
  });
});
