/** Measures networks on the packed family, with the engine that the page uses, so that the card's numbers are the page's. */
import * as tf from '@tensorflow/tfjs-core';
import { createMerger } from '../../engine/merger.ts';
import type { Zoo } from '../../engine/zoo.ts';
import type { Score, Scores } from '../../formats/card.ts';
import { type ControlValue, chainFor, DEFAULT_SEED, type Recipe } from '../../formats/recipe.ts';
import { metadata } from '../../methods/metadata.ts';
import { featuresOf, logitsOf } from '../../models/architecture.ts';
import { MEASURING_BATCH } from './network.ts';

export type MeasuredSplit = 'test' | 'calibration';
/** One byte per sample, in the split's order: 1 where the answer was right. */
export type Hits = Uint8Array;
export type HitsByTask = ReadonlyMap<string, Hits>;

export interface Gauge {
  readonly zoo: Zoo;
  /** Flat weights of a recipe; controls are those that differ from the method's defaults. */
  merge(
    method: string,
    experts: readonly string[],
    controls?: Readonly<Record<string, ControlValue>>,
  ): Promise<Float32Array>;
  /** Answers of a network on the first `count` samples of each task. */
  answer(weights: Float32Array, tasks: readonly string[], split: MeasuredSplit, count: number): Promise<HitsByTask>;
}

export const SPLIT_SIZE: Readonly<Record<MeasuredSplit, number>> = { test: 512, calibration: 256 };

export function createGauge(zoo: Zoo): Gauge {
  const merger = createMerger(zoo, () => performance.now());
  const config = zoo.card.model;
  return {
    zoo,
    async merge(method, experts, controls = {}) {
      const chain = chainFor(metadata, method, experts.length);
      if (!chain) throw new Error(`${method}: no such method`);
      // A preset's controls belong to the step that has them.
      const steps = chain.map((step) => ({
        ...step,
        controls: { ...step.controls, ...only(controls, step.controls) },
      }));
      const recipe: Recipe = { family: zoo.card.family, experts, chain: steps, seed: DEFAULT_SEED };
      const { weights, perTask } = await merger.merge(recipe);
      if (perTask) throw new Error(`${method}: gives one network per task; a gauge is for single networks`);
      const flat = await merger.read(weights);
      weights.dispose();
      return flat.slice();
    },
    async answer(flat, tasks, split, count) {
      const weights = Object.fromEntries(
        zoo.table.map(({ name, shape, start, length }) => [
          name,
          tf.tensor(flat.slice(start, start + length), [...shape]),
        ]),
      );
      const hits = new Map<string, Hits>();
      for (const task of tasks) {
        const [{ images, labels }, { values, shape }] = await Promise.all([
          zoo.samples(task, split, 0, count),
          zoo.head(task),
        ]);
        const pixels = images.length / count;
        const right = new Uint8Array(count);
        for (let from = 0; from < count; from += MEASURING_BATCH) {
          const size = Math.min(MEASURING_BATCH, count - from);
          const classes = tf.tidy(() => {
            const batch = tf.tensor2d(images.slice(from * pixels, (from + size) * pixels), [size, pixels]);
            return tf
              .argMax(logitsOf(featuresOf(weights, batch, config), tf.tensor2d(values, [...shape]), config), 1)
              .dataSync();
          });
          classes.forEach((label, row) => {
            right[from + row] = label === labels[from + row] ? 1 : 0;
          });
        }
        hits.set(task, right);
      }
      tf.dispose(weights);
      return hits;
    },
  };
}

function only(controls: Readonly<Record<string, ControlValue>>, known: object): Record<string, ControlValue> {
  return Object.fromEntries(Object.entries(controls).filter(([key]) => key in known));
}

/** @param count of the first samples; all when left out */
export function scoreOf(hits: Hits, count = hits.length): Score {
  return { correct: hits.subarray(0, count).reduce((sum, hit) => sum + hit, 0), n: count };
}

export function scoresOf(hits: HitsByTask): Scores {
  return Object.fromEntries([...hits].map(([task, each]) => [task, scoreOf(each)]));
}

export function accuracy(hits: Hits): number {
  return scoreOf(hits).correct / hits.length;
}

/** Accuracy of every expert on its own task, per split. */
export type OwnAccuracy = Readonly<Record<MeasuredSplit, ReadonlyMap<string, number>>>;

/** Mean over tasks of accuracy ÷ the expert's own accuracy on the same samples. */
export function normalised(hits: HitsByTask, own: ReadonlyMap<string, number>): number {
  const shares = [...hits].map(([task, each]) => accuracy(each) / (own.get(task) ?? Number.NaN));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
