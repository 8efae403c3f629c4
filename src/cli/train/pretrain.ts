/** Stage 2: the base, trained on the broad set. */

import { fit, HEAD, thinned } from './fit.ts';
import { disposeTensors, featuresOf, initialValues, randomHead, toTensors, type Values } from './network.ts';
import { CONFIG, FAMILY, PRETRAINING, SEED } from './recipe.ts';
import type { Samples } from './samples.ts';
import { BROAD } from './tasks.ts';
import { loadSamples, saveRecord, saveValues } from './workshop.ts';

const CURVE_POINTS = 60;
const CENTRING_SAMPLES = 2048;

export function pretrain(): void {
  const started = performance.now();
  const values = initialValues(CONFIG, SEED);
  values.set(HEAD, randomHead(BROAD.classes.length, CONFIG.dim, SEED));
  const samples = loadSamples(FAMILY, 'broad-train');
  const report = (step: number, loss: number) => {
    if ((step + 1) % 200 === 0)
      console.log(`base: step ${step + 1} of ${PRETRAINING.steps}, loss ${loss.toFixed(3)}, ${minutes(started)} min`);
  };
  const losses = fit(values, undefined, samples, CONFIG, { ...PRETRAINING, seed: SEED, stream: 'pretrain', report });
  values.delete(HEAD);
  centre(values, samples);
  saveValues(FAMILY, 'base', values);
  saveRecord(FAMILY, 'base', { loss: thinned(losses, CURVE_POINTS), minutes: Number(minutes(started)) });
}

/**
 * Moves the final norm's bias so that features have zero mean over the broad set: a common part would make all cosines alike,
 * and a linear head leaves it free.
 */
function centre(values: Values, samples: Samples): void {
  const { dim } = CONFIG;
  const weights = toTensors(values);
  const features = featuresOf(weights, CONFIG, samples, CENTRING_SAMPLES);
  disposeTensors(weights);
  const bias = values.get('norm.bias')?.data;
  if (!bias) throw new Error('norm.bias: the network has no such tensor');
  for (let i = 0; i < dim; i++) {
    let sum = 0;
    for (let row = 0; row < CENTRING_SAMPLES; row++) sum += features[row * dim + i] as number;
    bias[i] = (bias[i] as number) - sum / CENTRING_SAMPLES;
  }
}

export function minutes(started: number): string {
  return ((performance.now() - started) / 60_000).toFixed(1);
}
