import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBackend } from '../engine/backend.ts';
import adamerging from './adamerging.ts';
import peer from './fixtures/adamerging/result.json' with { type: 'json' };
import { defaults, type Prepared, prepare, setting, table } from './fixtures/adamerging/setting.testing.ts';
import { projectPerTensor } from './parts/tensorwise.ts';

const WASM = `${import.meta.dirname}/../../node_modules/@tensorflow/tfjs-backend-wasm/dist/`;
/** Gradients are float32 here and float64 there. */
const TOLERANCE = 1e-4;
/** Adam's first steps are rate · sign(gradient): where the gradient is rounding only (key biases) so is the sign. */
const SMALLEST_GRADIENT = 1e-4;

/** Makes it when first asked for. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const combineAt = (prepared: Prepared, step: number) =>
  adamerging.combine(prepared, { ...defaults, step }, 0).dataSync() as Float32Array;
const learned = (prepared: Prepared, step: number) =>
  adamerging.readout?.(prepared, { ...defaults, step })?.coefficients as readonly number[];

function largestDifference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  return Array.from(wanted).reduce((worst, value, i) => Math.max(worst, Math.abs(value - (got[i] as number))), 0);
}

describe.each(['cpu', 'wasm'] as const)('AdaMerging on %s', (backend) => {
  let before = 0;
  beforeEach(async () => {
    await openBackend({ wasmPaths: WASM, among: [backend] });
    before = tf.memory().numTensors;
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['layer', 'task'] as const)('agrees with torch autodiff and Adam: %s-wise', async (granularity) => {
    const wanted = peer[granularity];
    const made = setting();
    const { states, entropy } = await prepare(made, { granularity, initial: peer.initial, rate: peer.rate });
    const losses = entropy.slice(0, 3).map((value) => value * peer.tasks.length);
    expect(largestDifference(losses, wanted.losses)).toBeLessThan(TOLERANCE);

    const vectors = peer.changes.map((change) => Float32Array.from(change, (whole) => whole / peer.grid));
    const perTensor = projectPerTensor(made.gradients[0] as Float32Array, table, vectors);
    const gradient = perTensor.reduce(
      (sums, value, i) => sums.with(i % sums.length, (sums[i % sums.length] as number) + value),
      new Float64Array(wanted.gradient.length),
    );
    expect(largestDifference(gradient, wanted.gradient)).toBeLessThan(TOLERANCE);

    const clear = wanted.gradient.map((value) => Math.abs(value) > SMALLEST_GRADIENT);
    expect(clear.filter(Boolean).length).toBeGreaterThan(0.8 * clear.length);
    const only = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => clear[i]);
    expect(largestDifference(only(states[3] as Float64Array), only(wanted.coefficients))).toBeLessThan(TOLERANCE);
  });
});

describe('AdaMerging', () => {
  beforeEach(async () => {
    await openBackend({ wasmPaths: WASM, among: ['wasm'] });
    tf.engine().startScope();
  });
  afterEach(() => tf.engine().endScope());
  // Kept, so that it outlives the test that asked first.
  const kept = async (made: Prepared | Promise<Prepared>) => {
    const prepared = await made;
    tf.keep(prepared.rows.rows);
    return prepared;
  };
  const shared = once(() => kept(prepare(setting())));
  const pooled = once(() => kept(prepare(setting({ copies: 3 }))));

  it('is Task Arithmetic at the start value before the first step', async () => {
    const prepared = await shared();
    const wanted = peer.base.map(
      (whole, i) => (whole + 0.3 * ((peer.changes[0]?.[i] as number) + (peer.changes[1]?.[i] as number))) / peer.grid,
    );
    expect(largestDifference(combineAt(prepared, 0), wanted)).toBeLessThan(1e-6);
    expect(learned(prepared, 0)).toEqual([expect.closeTo(0.3, 12), expect.closeTo(0.3, 12)]);
  });

  it('gives the only expert bit for bit when λ starts at 1', async () => {
    const made = setting({ tasks: ['kana'] });
    const prepared = await prepare(made, { initial: 1 });
    expect([...combineAt(prepared, 0)]).toEqual([...(made.input.experts[0] as tf.Tensor).dataSync()]);
  });

  it('makes predictions more decided', async () => {
    const { entropy } = await shared();
    const drop = (entropy[0] as number) - (entropy.at(-1) as number);
    expect(drop).toBeGreaterThan(0.05 * (entropy[0] as number));
  });

  it('leaves the λ of an expert that changed nothing where it started', async () => {
    const prepared = await prepare(setting({ zero: 'kana' }));
    expect(learned(prepared, 50)[1]).toBeCloseTo(0.3, 12);
    expect(learned(prepared, 50)[0]).not.toBeCloseTo(0.3, 3);
  });

  it('shows, for one expert, the entropy that Task Arithmetic has at the same λ', async () => {
    const made = setting({ tasks: ['digits'] });
    const { states, entropy, ...rest } = await prepare(made, { granularity: 'task' });
    for (const step of [0, 10, 49]) {
      const merged = adamerging.combine({ states, entropy, ...rest }, { ...defaults, step }, 0) as tf.Tensor1D;
      const logits = made.network.logits(merged, 'digits', made.pools.get('digits') as tf.Tensor2D);
      const p = tf.softmax(logits);
      const scanned = tf.neg(tf.mean(tf.sum(tf.mul(p, tf.log(p)), 1))).dataSync()[0] as number;
      expect(entropy[step]).toBeCloseTo(scanned, 5);
    }
  });

  it('learns the same whatever the order of the experts', async () => {
    const one = learned(await pooled(), 50);
    const other = learned(await prepare(setting({ copies: 3, tasks: ['kana', 'digits'] })), 50);
    // Sums in another order differ by rounding, which Adam's division by the root of the second moment enlarges.
    expect(largestDifference([...other].reverse(), one)).toBeLessThan(1e-3);
  });

  it('gives the same bits for the same seed and others for another', async () => {
    const first = await pooled();
    const again = await prepare(setting({ copies: 3 }));
    const other = await prepare(setting({ copies: 3, seed: 6 }));
    expect(again.states).toEqual(first.states);
    expect(other.states.at(-1)).not.toEqual(first.states.at(-1));
  });

  it('never uses a λ outside 0…1', async () => {
    const prepared = await prepare(setting(), { initial: 0.95, rate: 0.05 });
    for (let step = 0; step <= 50; step += 10) {
      for (const value of learned(prepared, step)) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }
  });

  it('trains on test images only when told to', async () => {
    const breathe = () => Promise.reject(new Error('enough'));
    const held = setting({ breathe });
    await expect(prepare(held)).rejects.toThrow('enough');
    expect(held.asked).toEqual(['calibration digits', 'calibration kana']);
    const transductive = setting({ breathe });
    await expect(prepare(transductive, { inputs: 'test' })).rejects.toThrow('enough');
    expect(transductive.asked).toEqual(['test digits', 'test kana']);
  });

  it('stops between steps when the work is no longer wanted', async () => {
    let breaths = 0;
    const made = setting({
      breathe: async () => {
        if (++breaths === 3) throw new Error('stopped');
      },
    });
    await expect(prepare(made)).rejects.toThrow('stopped');
    expect(made.gradients.length).toBe(2);
  });

  it('reads out a curve per expert beside the entropy', async () => {
    const prepared = await shared();
    const readout = adamerging.readout?.(prepared, defaults);
    expect(readout?.curves?.map(({ name, values }) => [name, values.length])).toEqual([
      ['entropy', 50],
      ['λ digits', 51],
      ['λ kana', 51],
    ]);
  });
});
