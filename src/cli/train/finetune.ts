/** Stage 4: one expert per task, the encoder alone, from the base; two processes, whose number does not change a byte. */
import { fork } from 'node:child_process';
import * as tf from '@tensorflow/tfjs-core';
import { fit, thinned } from './fit.ts';
import { minutes } from './pretrain.ts';
import { CONFIG, FAMILY, FINE_TUNING, FINE_TUNING_STEPS, SEED } from './recipe.ts';
import { TASKS } from './tasks.ts';
import { loadSamples, loadValues, saveRecord, saveValues } from './workshop.ts';

const PROCESSES = 2;
const CURVE_POINTS = 30;

export function fineTune(id: string): void {
  const task = TASKS.find((candidate) => candidate.id === id);
  if (!task) throw new Error(`${id}: no such task; known: ${TASKS.map((known) => known.id).join(', ')}`);
  const started = performance.now();
  const values = loadValues(FAMILY, 'base');
  const head = loadValues(FAMILY, 'heads').get(`heads.${id}.weight`);
  if (!head) throw new Error(`${id}: has no head`);
  const prototypes = tf.tensor2d(head.data, head.shape as [number, number]);
  const losses = fit(values, prototypes, loadSamples(FAMILY, `${id}-train`), CONFIG, {
    ...FINE_TUNING,
    steps: FINE_TUNING_STEPS[task.label],
    seed: SEED,
    stream: `fine-tune/${id}`,
  });
  prototypes.dispose();
  saveValues(FAMILY, id, values);
  saveRecord(FAMILY, id, { loss: thinned(losses, CURVE_POINTS), minutes: Number(minutes(started)) });
  console.log(`${id}: fine-tuned in ${minutes(started)} min, loss ${losses.at(-1)?.toFixed(3)}`);
}

/** Fine-tunes every expert, each in a process of its own, PROCESSES at a time. */
export async function fineTuneAll(): Promise<void> {
  const queue = TASKS.map(({ id }) => id);
  const worker = async () => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) await fineTuneApart(task);
  };
  await Promise.all(Array.from({ length: PROCESSES }, worker));
}

function fineTuneApart(task: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1] as string, [FAMILY, '--expert', task]);
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${task}: its process ended with code ${code}`)),
    );
  });
}
