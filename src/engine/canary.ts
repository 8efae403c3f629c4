/**
 * One known merge and forward pass, compared with stored numbers: a device that computes wrongly (a driver fault, an
 * exhausted memory that does not stop the program) must not be believed.
 */
import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '../core/random/counter.ts';
import { stack, weightedSum } from '../methods/parts/stack.ts';
import { cosineLogits, type VitConfig, vitFeatures } from '../models/vit.ts';
import { vitParameters } from '../models/vit-parameters.ts';
import { StudioError } from './fault.ts';

/** 16 tokens and heads of width 8: what the fused kernels take. */
const CONFIG: VitConfig = {
  architecture: 'vit',
  imageSize: 8,
  patchSize: 2,
  dim: 16,
  blocks: 1,
  heads: 2,
  hidden: 12,
  logitScale: 16,
};
const IMAGES = 2;
const CLASSES = 3;
const LAMBDA = [0.75, -0.25];

/** Logits of the canary network, computed once by the plain JavaScript backend. */
const EXPECTED: readonly number[] = [-7.541419, 4.744867, -0.15868, -7.625877, 4.880885, -0.08485];

/** Float32 sums in another order differ by about 1e-6 of the logit scale; a wrong kernel is wrong by far more. */
const TOLERANCE = 2e-3;

/** @returns [IMAGES · CLASSES] logits of the merged canary network */
export async function runCanary(): Promise<Float32Array> {
  const random = randomStream(7, 'canary');
  const draw = (length: number) => Float32Array.from({ length }, () => random.normal() * 0.5);
  const models = [0, 1, 2].map(() => vitParameters(CONFIG).map(({ shape }) => draw(shape.reduce((a, b) => a * b, 1))));
  const pixels = draw(IMAGES * CONFIG.imageSize ** 2);
  const prototypes = draw(CLASSES * CONFIG.dim);
  const logits = tf.tidy(() => {
    const names = vitParameters(CONFIG);
    const merged = names.map(({ shape }, index) =>
      weightedSum(stack(models.map((model) => tf.tensor(model[index] ?? [], [...shape]))), [0.5, ...LAMBDA]),
    );
    const weights = Object.fromEntries(names.map(({ name }, index) => [name, merged[index] as tf.Tensor]));
    const images = tf.tensor2d(pixels, [IMAGES, CONFIG.imageSize ** 2]);
    return cosineLogits(vitFeatures(weights, images, CONFIG), tf.tensor2d(prototypes, [CLASSES, CONFIG.dim]), CONFIG);
  });
  const values = (await logits.data()) as Float32Array;
  logits.dispose();
  return values;
}

/** @throws StudioError when the numbers are not those of the canary network */
export function checkCanary(values: ArrayLike<number>): void {
  const wrong = EXPECTED.findIndex((expected, i) => !(Math.abs((values[i] ?? Number.NaN) - expected) <= TOLERANCE));
  if (wrong < 0) return;
  throw new StudioError(
    'device',
    `This device computes wrongly: test value ${wrong} is ${values[wrong]}, it must be ${EXPECTED[wrong]}.`,
  );
}
