/** Runs recipes: prepares once, combines on every drag. One recipe at a time, in the order of the calls. */
import * as tf from '@tensorflow/tfjs-core';
import { groupName } from '../formats/layer-groups.ts';
import { groupsOf, type Recipe } from '../formats/recipe.ts';
import { countingCurves } from '../formats/recipe-curves.ts';
import type { Readout } from '../methods/define.ts';
import { metadata } from '../methods/metadata.ts';
import { type Chain, resolveChain } from './chain.ts';
import { StoppedError, StudioError } from './fault.ts';
import { combineSpread, groupOfParameter, type Spread, spreadControls } from './grouped-combine.ts';
import { type FlatModels, inputFor, joinPieces, piecesFor } from './pieces.ts';
import { createPreparer, type PreparedChain } from './prepare.ts';
import { nameAt, type Zoo } from './zoo.ts';

/** How far a long preparation is: `done` of `total`, and what is being done. */
export type Progress = (done: number, total: number, doing: string) => void;

export interface MergedNetwork {
  /** Flat weights in table order, on the device; the caller disposes of them. */
  readonly weights: tf.Tensor1D;
  /** Of the merged network; more or fewer than the family's where a method changes the depth. */
  readonly blocks: number;
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

/** The merge step's controls by tensor; a single set where the whole network has the same. */
function mergeSpread({ merge: { method, step } }: Chain, zoo: Zoo): Spread {
  return spreadControls(step, metadata, method, { table: zoo.table, blocks: zoo.card.model.blocks });
}

/** Where a set of controls holds, in front of what is wrong with it. */
function placeOf({ first }: Spread['sets'][number], { merge: { step } }: Chain, { card }: Zoo): string {
  if (!first) return '';
  const { blocks } = card.model;
  const groups = groupsOf(step, metadata);
  if (countingCurves(step, metadata)) return `${first.name}: `;
  return groups > 1 ? `${groupName(groupOfParameter(first, blocks, groups), groups, blocks)}: ` : '';
}

/** @param now a clock in milliseconds */
export function createMerger(zoo: Zoo, now: () => number): Merger {
  const preparer = createPreparer(zoo);
  const resident = new Map<string, tf.Tensor1D>();
  let running: { stopped: boolean } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const model = async (id: string) => {
    const values = await zoo.model(id);
    const known = resident.get(id) ?? tf.keep(tf.tensor1d(values));
    resident.set(id, known);
    return known;
  };

  const combine = (chain: Chain, prepared: PreparedChain, models: FlatModels): tf.Tensor1D => {
    const { method } = chain.merge;
    let merged = combineSpread({
      pieces: prepared.pieces,
      cuts: prepared.cuts,
      scope: method.scope,
      table: zoo.table,
      spread: mergeSpread(chain, zoo),
      base: models.base,
      combine: (piece, own) => method.combine(piece, own, 0),
    });
    for (const post of chain.post) merged = edit(post, merged, models);
    return merged;
  };

  const edit = ({ method, step }: Chain['post'][number], merged: tf.Tensor1D, models: FlatModels): tf.Tensor1D => {
    const change = { base: tf.sub(merged, models.base), experts: [] };
    const edited = piecesFor(method.scope, zoo.table).map((piece) => {
      const part = inputFor(change, piece, method.scope, undefined).base;
      return method.edit(part, inputFor(models, piece, method.scope, undefined), step.controls);
    });
    return tf.add(models.base, joinPieces(edited));
  };

  const run = async (recipe: Recipe, progress: Progress) => {
    const job = { stopped: false };
    running = job;
    const chain = resolveChain(recipe);
    const { method } = chain.merge;
    const { sets } = mergeSpread(chain, zoo);
    for (const set of sets) {
      const refusal = method.check?.(set.controls, recipe.experts.length);
      if (refusal) throw new StudioError('recipe', `${placeOf(set, chain, zoo)}${refusal}`);
    }
    const models = { base: await model('base'), experts: await Promise.all(recipe.experts.map(model)) };
    const breathe = async () => {
      await nextTurn();
      if (job.stopped) throw new StoppedError();
    };
    const started = now();
    const prepared = await preparer.prepare(recipe, chain, models, { progress, breathe });
    const ready = now();
    const changed = prepared.taskVectors ? { ...models, taskVectors: prepared.taskVectors } : models;
    const weights = tf.tidy(() => combine(chain, prepared, changed));
    const [first] = prepared.pieces;
    // A readout speaks of one set of controls: of several there is none that holds for the whole network.
    const [own, ...others] = sets;
    const readout = (own && others.length === 0 && method.readout?.(first, own.controls)) || null;
    const { blocks } = zoo.card.model;
    const merged = (own && method.blocks?.(own.controls, blocks, recipe.experts.length)) ?? blocks;
    return { weights, blocks: merged, readout, prepareMs: ready - started, combineMs: now() - ready };
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
      const where = values.length === zoo.length ? nameAt(zoo.table, bad) : `number ${bad}`;
      throw new StudioError('device', `The merged weight ${where} is ${values[bad]}, not a number.`);
    },
    dispose() {
      preparer.dispose();
      for (const tensor of resident.values()) tensor.dispose();
      resident.clear();
    },
  };
}
