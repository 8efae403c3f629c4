import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import breadcrumbs from './breadcrumbs.ts';
import { g1 } from './parts/g1.ts';
import { middleKeep, outlierCut } from './parts/tails.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type Models, run } from './testing/run.testing.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };

const unit = fc.double({ min: 0.01, max: 1, noNaN: true });

test('of a row the official code keeps ⌊βn⌋ entries, as far as the cut from the top leaves them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), unit, unit, (length, keep, cut) => {
      const { from, to } = middleKeep(keep, cut)(length);
      expect(from).toBe(Math.floor(cut * length));
      if (keep < 1) expect(to - from).toBe(Math.floor(keep * length));
    }),
  );
});

test('of a tensor mergekit keeps exactly ⌊βn⌋ entries, whatever is cut from the top', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), unit, unit, (length, keep, cut) => {
      const { from, to } = outlierCut(keep, cut)(length);
      expect(to - from).toBe(Math.floor(keep * length));
      expect(from >= 0 && to <= length).toBe(true);
    }),
  );
});

test('a small tensor from whose top nothing is cut is not emptied', async () => {
  const { values } = await run(breadcrumbs, models, { controls: { keep: 0.5, cut: 0.01, scope: 'tensor' } });
  expect(values.filter((value) => value !== 0)).toHaveLength(12);
});

test('changes of the other sign keep the same entries', async () => {
  const mirrored = { ...models, base: g1.base.map((v) => -v), experts: g1.experts.map((e) => e.map((v) => -v)) };
  for (const scope of ['row', 'tensor']) {
    const controls = { scope, keep: 0.5, cut: 0.25 };
    const { values } = await run(breadcrumbs, models, { controls });
    mustAgree(
      (await run(breadcrumbs, mirrored, { controls })).values,
      Array.from(values, (v) => -v),
      1e-6,
    );
  }
});

test('a vector is one row', async () => {
  const vector = { shapes: [[8]], base: g1.base, experts: g1.experts };
  const rows = await run(breadcrumbs, vector, { controls: { keep: 0.5, cut: 0.125 } });
  const tensors = await run(breadcrumbs, models, { controls: { keep: 0.5, cut: 0.125, scope: 'tensor' } });
  expect([...rows.values]).toEqual([...tensors.values]);
});
