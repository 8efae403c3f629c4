/** Inputs for methods that learn from data. Labels stay in the zoo unless they are asked for: most methods cannot see them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Calibration, LabelledCalibration } from '../methods/context.ts';
import type { Zoo } from './zoo.ts';

/** The labels that come with calibration inputs. */
export async function withLabels(
  calibration: Calibration,
  zoo: Zoo,
  tasks: readonly string[],
): Promise<LabelledCalibration> {
  const loaded = new Map<string, Uint8Array>();
  for (const task of tasks) {
    const count = calibration.inputs(task, 'calibration').shape[0];
    loaded.set(task, (await zoo.samples(task, 'calibration', 0, count)).labels);
  }
  return {
    ...calibration,
    labels(task) {
      const labels = loaded.get(task);
      if (!labels) throw new Error(`no labels were loaded for the task "${task}"`);
      return labels;
    },
  };
}

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
