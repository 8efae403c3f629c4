/** Stage 3: the heads, prototypes of the frozen base; never trained. */
import { disposeTensors, featuresOf, toTensors, type Value, type Values } from './network.ts';
import { CONFIG, FAMILY, SHOTS_PER_CLASS } from './recipe.ts';
import { TASKS } from './tasks.ts';
import { loadSamples, loadValues, saveValues } from './workshop.ts';

/** `heads.<task>.weight` [classes, dim]: the mean of the unit features of a few training samples per class. */
export function makeHeads(): void {
  const weights = toTensors(loadValues(FAMILY, 'base'));
  const heads: Values = new Map();
  for (const task of TASKS) {
    const samples = loadSamples(FAMILY, `${task.id}-train`);
    // Samples come in rounds of one per class.
    const count = SHOTS_PER_CLASS[task.label] * task.classes.length;
    const features = featuresOf(weights, CONFIG, samples, count);
    heads.set(`heads.${task.id}.weight`, classMeans(features, samples.labels, task.classes.length));
  }
  disposeTensors(weights);
  saveValues(FAMILY, 'heads', heads);
}

function classMeans(features: Float32Array, labels: Uint16Array, classes: number): Value {
  const { dim } = CONFIG;
  const sums = new Float64Array(classes * dim);
  const counts = new Float64Array(classes);
  for (let row = 0; row < features.length / dim; row++) {
    const feature = features.subarray(row * dim, (row + 1) * dim);
    const length = Math.hypot(...feature);
    const label = labels[row] as number;
    counts[label] = (counts[label] as number) + 1;
    feature.forEach((x, i) => {
      sums[label * dim + i] = (sums[label * dim + i] as number) + x / length;
    });
  }
  const data = Float32Array.from(sums, (sum, i) => sum / (counts[Math.floor(i / dim)] as number));
  return { shape: [classes, dim], data };
}
