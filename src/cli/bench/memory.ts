/** A thousand merges leave nothing behind. */
import { setTimeout } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { createEvaluator } from '../../engine/evaluator.ts';
import { createMerger } from '../../engine/merger.ts';
import { collector } from './collector.ts';
import type { Group } from './report.ts';
import { exactly } from './spread.ts';
import { path, recipeOf, type Subject } from './subject.ts';

const WARM_UPS = 100;
const SWEEP_MS = 200;
const MERGES = 1000;
/** Every so many merges an election, whose preparation is another. */
const ELECTION_EVERY = 10;
/** A leak of a merge's smallest tensor would be ten times as much; what compiled code and its feedback take is about half. */
const HEAP_TOLERANCE_KB = 256;

export async function memoryGroup({ zoo, card, everyone }: Subject): Promise<Group> {
  const collect = collector();
  const merger = createMerger(zoo, () => performance.now());
  const evaluator = createEvaluator(zoo);
  const merge = async (step: number) => {
    const method = step % ELECTION_EVERY === 0 ? '&m=ties&p.weighting=before-election' : '';
    const recipe = recipeOf(card, `#v=1&e=${everyone.join()}${method}&l=${path(step, everyone.length).join()}`);
    const { weights } = await merger.merge(recipe);
    evaluator.use({ weights: await merger.read(weights) });
    weights.dispose();
  };
  const now = async () => {
    // What a first collection finds is freed by other threads meanwhile.
    collect();
    await setTimeout(SWEEP_MS);
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return { tensors: tf.memory().numTensors, heap: heapUsed / 1000, outside: external / 1000 };
  };
  for (let step = 0; step < WARM_UPS; step++) await merge(step);
  const before = await now();
  for (let step = 0; step < MERGES; step++) await merge(WARM_UPS + step);
  const after = await now();
  evaluator.dispose();
  merger.dispose();
  return {
    title: `Memory after ${MERGES.toLocaleString('en')} merges, against after ${WARM_UPS}`,
    rows: [
      {
        what: 'tensors left',
        measured: exactly(after.tensors - before.tensors),
        unit: '',
        goal: 0,
        beside: `${after.tensors} alive`,
      },
      {
        what: 'heap grown, collected',
        measured: exactly(after.heap - before.heap),
        unit: 'kB',
        goal: HEAP_TOLERANCE_KB,
        beside: `of ${(after.heap / 1000).toFixed(1)} MB`,
      },
      {
        what: 'typed arrays and WebAssembly memory grown',
        measured: exactly(after.outside - before.outside),
        unit: 'kB',
        goal: HEAP_TOLERANCE_KB,
        beside: `of ${(after.outside / 1000).toFixed(1)} MB`,
      },
    ],
  };
}
