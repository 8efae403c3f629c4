/** Runs recipes: prepares once, combines on every drag. One recipe at a time, in the order of the calls. */
import * as tf from '@tensorflow/tfjs-core';
import { groupName } from '../formats/layer-groups.ts';
import { groupsOf, type Recipe } from '../formats/recipe.ts';
import type { Readout } from '../methods/define.ts';
import { metadata } from '../methods/metadata.ts';
import { type Chain, resolveChain } from './chain.ts';
import { createEditor } from './edit.ts';
import { StoppedError, StudioError } from './fault.ts';
import { combineByGroup, controlsByGroup, groupOfParameter } from './grouped-combine.ts';
import { createPreparer, type PreparedChain } from './prepare.ts';
import { readoutOf } from './readout.ts';
import { nameAt, type Zoo } from './zoo.ts';

/** How far a long preparation is: `done` of `total`, and what is being done. */
export type Progress = (done: number, total: number, doing: string) => void;

export interface MergedNetwork {
  /** Flat weights in table order, on the device; the caller disposes of them. */
  readonly weights: tf.Tensor1D;
  readonly readout: Readout | null;
  readonly prepareMs: number;
  readonly combineMs: number;
}

/** Gives waiting messages, a "stop" among them, their turn between two steps of long work. */
const nextTurn = () => new Promise<void>((resolve) => setTimeout(resolve));

export interface Merger {
  /** @throws StudioError when the recipe cannot be merged, StoppedError when `stop` was called while it was prepared */
  merge(recipe: Recipe, progress?: Progress): Promise<MergedNetwork>;
  /** Stops the preparation that is under way. */
  stop(): void;
  /** Merged weights on the host. @throws StudioError naming the first weight that is not a number */
  read(weights: tf.Tensor1D): Promise<Float32Array>;
  dispose(): void;
}

/**
 * True when all weights are numbers for certain. 0·x is 0 for every number and for nothing else, which WebAssembly knows in a
 * tenth of the time that a loop in a worker takes that has just woken up; a graphics device may assume it.
 */
function isSound(weights: tf.Tensor1D): boolean {
  if (tf.getBackend() !== 'wasm') return false;
  const sum = tf.tidy(() => tf.sum(tf.mul(weights, 0)));
  const sound = sum.dataSync()[0] === 0;
  sum.dispose();
  return sound;
}

/** The merge step's controls by group of layers; a single entry where the whole network has the same. */
function mergeControls({ merge: { method, step } }: Chain): ReturnType<typeof controlsByGroup> {
  return controlsByGroup(step, method, groupsOf(step, metadata));
}

/** @param now a clock in milliseconds */
export function createMerger(zoo: Zoo, now: () => number): Merger {
  const preparer = createPreparer(zoo);
  const editor = createEditor(zoo);
  const resident = new Map<string, tf.Tensor1D>();
  let running: { stopped: boolean } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const model = async (id: string) => {
    const values = await zoo.model(id);
    const known = resident.get(id) ?? tf.keep(tf.tensor1d(values));
    resident.set(id, known);
    return known;
  };

  const combine = (chain: Chain, prepared: PreparedChain): tf.Tensor1D => {
    const { method } = chain.merge;
    const { blocks } = zoo.card.model;
    const controls = mergeControls(chain);
    const groups = controls.length;
    return combineByGroup({
      pieces: prepared.pieces,
      table: zoo.table,
      groupOf: (parameter) => groupOfParameter(parameter, blocks, groups),
      controls,
      combine: (piece, own) => method.combine(piece, own, 0),
    });
  };

  const run = async (recipe: Recipe, progress: Progress) => {
    const job = { stopped: false };
    running = job;
    const chain = resolveChain(recipe);
    const { method } = chain.merge;
    const controls = mergeControls(chain);
    for (const [group, own] of controls.entries()) {
      const refusal = method.check?.(own, recipe.experts.length);
      const where = controls.length > 1 ? `${groupName(group, controls.length, zoo.card.model.blocks)}: ` : '';
      if (refusal) throw new StudioError('recipe', `${where}${refusal}`);
    }
    const models = { base: await model('base'), experts: await Promise.all(recipe.experts.map(model)) };
    const breathe = async () => {
      await nextTurn();
      if (job.stopped) throw new StoppedError();
    };
    const started = now();
    const hooks = { progress, breathe };
    const prepared = await preparer.prepare(recipe, chain, models, hooks);
    const ready = now();
    const changed = prepared.taskVectors ? { ...models, taskVectors: prepared.taskVectors } : models;
    const merged = tf.tidy(() => combine(chain, prepared));
    const weights = await editor.edit(merged, recipe, chain.post, changed, hooks);
    // A readout speaks of one set of controls: of several there is none that holds for the whole network.
    const [own, ...others] = controls;
    const readout = own && others.length === 0 ? readoutOf(method, prepared.pieces, own) : null;
    return { weights, readout, prepareMs: ready - started, combineMs: now() - ready };
  };

  return {
    merge(recipe, progress = () => {}) {
      const mine = last.then(() => run(recipe, progress));
      // A recipe that cannot be merged must not keep the next one from being merged.
      last = mine.catch(() => {});
      return mine;
    },
    stop() {
      if (running) running.stopped = true;
    },
    async read(weights) {
      const sound = isSound(weights);
      const values = (await weights.data()) as Float32Array;
      const bad = sound ? -1 : values.findIndex((value) => !Number.isFinite(value));
      if (bad < 0) return values;
      throw new StudioError('device', `The merged weight ${nameAt(zoo.table, bad)} is ${values[bad]}, not a number.`);
    },
    dispose() {
      preparer.dispose();
      editor.dispose();
      for (const tensor of resident.values()) tensor.dispose();
      resident.clear();
    },
  };
}
