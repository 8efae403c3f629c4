/** Evaluating a merged network: images per second, and what the time is spent on. */
import * as tf from '@tensorflow/tfjs-core';
import { createEvaluator } from '../../engine/evaluator.ts';
import { createMerger } from '../../engine/merger.ts';
import { featuresOf, logitsOf } from '../../models/architecture.ts';
import { ATTENTION_KERNEL, LAYER_NORM_KERNEL } from '../../models/encoder-ops.ts';
import type { VitConfig } from '../../models/vit.ts';
import { expectNear } from './check.ts';
import type { Limits } from './machine.ts';
import { naiveLogits } from './naive.ts';
import type { Group, Row } from './report.ts';
import { mapSpread, spreadOf, time } from './spread.ts';
import { recipeOf, type Subject } from './subject.ts';

/** As the evaluator has it. */
const BATCH = 64;
const CHECKED = 8;
/** Logits reach 16 and are float32 sums of some hundred products per layer: as against PyTorch in the unit tests. */
const LOGIT_TOLERANCE = 1e-4;
const PROFILED = 12;

/** Floating-point operations of one image: a multiplication and an addition per weight and token, and attention. */
function operations({ imageSize, patchSize, dim, hidden, blocks }: VitConfig): number {
  const tokens = (imageSize / patchSize) ** 2;
  const block = 4 * dim * dim + 2 * dim * hidden + 2 * tokens * dim;
  return 2 * tokens * (patchSize ** 2 * dim + blocks * block);
}

export async function evaluatingGroup({ zoo, card, everyone }: Subject, { peakGflops }: Limits): Promise<Group> {
  const [task = ''] = everyone;
  const { model } = card;
  if (model.architecture !== 'vit')
    throw new Error(`operations are counted of vision transformers, not of ${card.name}`);
  const merger = createMerger(zoo, () => performance.now());
  const { weights } = await merger.merge(recipeOf(card, `#v=1&e=${everyone.join()}`));
  const flat = await merger.read(weights);
  weights.dispose();
  merger.dispose();
  const total = card.tasks[0]?.test.at(-1)?.to ?? BATCH;
  const { images } = await zoo.samples(task, 'test', 0, BATCH);
  const head = await zoo.head(task);
  const forward = () => {
    const parts = Object.fromEntries(
      zoo.table.map(({ name, shape, start, length }) => [
        name,
        tf.tensor(flat.subarray(start, start + length), [...shape]),
      ]),
    );
    const batch = tf.tensor2d(images, [BATCH, images.length / BATCH]);
    return logitsOf(featuresOf(parts, batch, model), tf.tensor2d(head.values, [...head.shape]), model);
  };
  checkLogits(
    tf.tidy(() => forward().dataSync() as Float32Array),
    flat,
    images,
    head,
    model,
  );

  const evaluator = createEvaluator(zoo);
  const network = { weights: flat };
  evaluator.use(network);
  const ms = await time(() => evaluator.count({ task, split: 'test', from: 0, to: total }), { rounds: 7, warmUps: 2 });
  const use = await time(() => evaluator.use(network), { rounds: 20, warmUps: 5 });
  evaluator.dispose();
  const rate = mapSpread(ms, (value) => (1000 * total) / value);
  const gflops = (rate.median * operations(model)) / 1e9;
  const profile = await profiled(forward);
  return {
    title: `Evaluating in batches of ${BATCH} (WebAssembly, Node, one thread)`,
    rows: [
      {
        what: 'one worker’s speed',
        measured: rate,
        unit: 'images/s',
        beside: `${gflops.toFixed(2)} GFLOP/s = ${((100 * gflops) / peakGflops).toFixed(0)} % of the peak; ${(operations(model) / 1e6).toFixed(2)} MFLOP per image`,
      },
      { what: 'one batch', measured: mapSpread(ms, (value) => (value * BATCH) / total), unit: 'ms' },
      ...profile,
      { what: 'taking a network', measured: use, unit: 'ms' },
    ],
  };
}

function checkLogits(
  got: Float32Array,
  weights: Float32Array,
  images: Float32Array,
  head: { readonly values: Float32Array; readonly shape: readonly [number, number] },
  config: VitConfig,
): void {
  const pixels = images.length / BATCH;
  const [classes] = head.shape;
  for (let i = 0; i < CHECKED; i++) {
    const wanted = naiveLogits(weights, images.subarray(i * pixels, (i + 1) * pixels), head, config);
    expectNear(`logits of image ${i}`, got.subarray(i * classes, (i + 1) * classes), wanted, LOGIT_TOLERANCE);
  }
}

/** Which part of the network a kernel of TensorFlow.js serves; undefined for a name around other kernels. */
function partOf(kernel: string, rank: number): string | undefined {
  if (kernel === 'unnamed scope' || kernel.endsWith('__op')) return undefined;
  if (kernel === '_FusedMatMul') return 'linear layers';
  if (kernel === ATTENTION_KERNEL) return 'attention';
  if (kernel === LAYER_NORM_KERNEL) return 'norms';
  if (kernel === 'Transpose') return rank > 2 ? 'cutting patches' : 'transposing weights';
  return 'sums and the rest';
}

/** Time per part of the network from its kernels' own clocks. */
async function profiled(forward: () => tf.Tensor): Promise<Row[]> {
  const rounds = new Map<string, number[]>();
  for (let round = 0; round < PROFILED; round++) {
    const { kernels, result } = await tf.profile(() => tf.tidy(forward));
    (result as tf.Tensor).dispose();
    for (const { name, kernelTimeMs, outputShapes } of kernels) {
      const part = partOf(name, outputShapes[0]?.length ?? 0);
      if (part === undefined) continue;
      const sums = rounds.get(part) ?? Array.from({ length: PROFILED }, () => 0);
      sums[round] = (sums[round] ?? 0) + Number(await kernelTimeMs);
      rounds.set(part, sums);
    }
  }
  const parts = [...rounds].map(([part, sums]) => ({ part, spread: spreadOf(sums) }));
  const all = parts.reduce((sum, { spread }) => sum + spread.median, 0);
  return parts
    .sort((a, b) => b.spread.median - a.spread.median)
    .map(({ part, spread }) => ({
      what: `– ${part}`,
      measured: spread,
      unit: 'ms',
      beside: `${((100 * spread.median) / all).toFixed(0)} % of the kernels’ time`,
    }));
}
