/** Unlabelled inputs for methods that learn from data. Labels stay in the zoo: such a method cannot see them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Calibration } from '../methods/define.ts';
import type { Zoo } from './zoo.ts';

/** Loads every input that a method may ask for, since methods ask synchronously. Tensors belong to the open scope. */
export async function loadCalibration(zoo: Zoo, tasks: readonly string[]): Promise<Calibration> {
  const splits = ['calibration', 'test'] as const;
  const loaded = new Map<string, tf.Tensor2D>();
  for (const task of tasks) {
    const entry = zoo.card.tasks.find(({ id }) => id === task);
    for (const split of splits) {
      const segments = split === 'test' ? entry?.test : entry?.calibration.inputs;
      const count = segments?.at(-1)?.to ?? 0;
      const { images } = await zoo.samples(task, split, 0, count);
      loaded.set(`${split} ${task}`, tf.tensor2d(images, [count, images.length / count]));
    }
  }
  return {
    inputs(task, split) {
      const images = loaded.get(`${split} ${task}`);
      if (!images) throw new Error(`no ${split} inputs were loaded for the task "${task}"`);
      return images;
    },
  };
}
