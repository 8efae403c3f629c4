/** Runs recipes: prepares once, combines on every drag. One recipe at a time, in the order of the calls. */
import * as tf from '@tensorflow/tfjs-core';
import { groupName } from '../formats/layer-groups.ts';
import { groupsOf, type Recipe } from '../formats/recipe.ts';
import { countingCurves } from '../formats/recipe-curves.ts';
import { groupOfTensor, type Spread, spreadControls } from '../formats/spread-controls.ts';
import type { Footprint, PlacedParameter, Readout } from '../methods/define.ts';
import { metadata } from '../methods/metadata.ts';
import { type Chain, resolveChain } from './chain.ts';
import { createEditor } from './edit.ts';
import { StoppedError, StudioError } from './fault.ts';
import { combineSpread } from './grouped-combine.ts';
import type { Networks, PackSize } from './networks.ts';
import type { FlatModels } from './pieces.ts';
import { createPreparer, type PreparedChain } from './prepare.ts';
import { readoutOf } from './readout.ts';
import { nameAt, type Zoo } from './zoo.ts';

/** How far a long preparation is: `done` of `total`, and what is being done. */
export type Progress = (done: number, total: number, doing: string) => void;

/** Flat weights in table order, on the device; the caller disposes of them (`disposeNetworks`). */
export interface Merged extends Networks<tf.Tensor1D> {
  readonly readout: Readout | null;
  /** Of packs whose method counts its bits. */
  readonly footprint: PackSize | null;
  readonly prepareMs: number;
  readonly combineMs: number;
}

/** Gives waiting messages, a "stop" among them, their turn between two steps of long work. */
const nextTurn = () => new Promise<void>((resolve) => setTimeout(resolve));

export interface Merger {
  /** @throws StudioError when the recipe cannot be merged, StoppedError when `stop` was called while it was prepared */
  merge(recipe: Recipe, progress?: Progress): Promise<Merged>;
  /** Stops the preparation that is under way. */
  stop(): void;
  /** Merged weights on the host. @throws StudioError naming the first weight that is not a number */
  read(weights: tf.Tensor1D): Promise<Float32Array>;
  /** Memory of all that is kept between merges: models on the device, preparations and their parts. */
  bytes(): number;
  /** All networks of a merge on the host, checked alike. */
  readAll(merged: Networks<tf.Tensor1D>): Promise<Networks<Float32Array>>;
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
function mergeSpread({ merge: { method, step } }: Chain, zoo: Zoo): Spread<PlacedParameter> {
  return spreadControls(step, metadata, method, { table: zoo.table, blocks: zoo.card.model.blocks });
}

/** Where a set of controls holds, in front of what is wrong with it. */
function placeOf(
  { first }: Spread<PlacedParameter>['sets'][number],
  { merge: { step } }: Chain,
  { card }: Zoo,
): string {
  if (!first) return '';
  const { blocks } = card.model;
  const groups = groupsOf(step, metadata);
  if (countingCurves(step, metadata)) return `${first.name}: `;
  return groups > 1 ? `${groupName(groupOfTensor(first, blocks, groups), groups, blocks)}: ` : '';
}

const FLOAT32_BITS = 32;

/** @param length weights of one network */
function sizeOfPack(
  { merge: { method, step } }: Chain,
  { pieces }: PreparedChain,
  experts: number,
  length: number,
): PackSize | null {
  const { footprint } = method;
  if (!footprint) return null;
  const parts = pieces.map((piece): Footprint => footprint(piece, step.controls));
  return {
    baseBits: FLOAT32_BITS * length,
    sharedBits: parts.reduce((sum, { shared }) => sum + shared, 0),
    perExpertBits: parts.reduce((sum, { perExpert }) => sum + perExpert, 0),
    experts,
  };
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

  const combine = (chain: Chain, prepared: PreparedChain, models: FlatModels, expert: number): tf.Tensor1D => {
    const { method } = chain.merge;
    return combineSpread({
      pieces: prepared.pieces,
      cuts: prepared.cuts,
      scope: method.scope,
      table: zoo.table,
      spread: mergeSpread(chain, zoo),
      base: models.base,
      combine: (piece, own) => method.combine(piece, own, expert),
    });
  };

  /** Tasks without an expert in the pack are left to the base. */
  const combineAll = (recipe: Recipe, chain: Chain, prepared: PreparedChain, models: FlatModels) => {
    if (chain.merge.method.result === 'single') return { weights: combine(chain, prepared, models, 0) };
    const own = recipe.experts.map((task, expert) => [task, combine(chain, prepared, models, expert)] as const);
    const weights = tf.clone(models.base) as tf.Tensor1D;
    return { weights, perTask: Object.fromEntries(own) as Record<string, tf.Tensor1D> };
  };

  /** Post steps, on the one network or on each of a pack. */
  const editAll = async (
    { weights, perTask }: Networks<tf.Tensor1D>,
    edit: (merged: tf.Tensor1D, task: string) => Promise<tf.Tensor1D>,
  ): Promise<Networks<tf.Tensor1D>> => {
    if (!perTask) return { weights: await edit(weights, '') };
    const own: [string, tf.Tensor1D][] = [];
    for (const [task, network] of Object.entries(perTask)) own.push([task, await edit(network, task)]);
    return { weights, perTask: Object.fromEntries(own) };
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
    const hooks = { progress, breathe };
    const prepared = await preparer.prepare(recipe, chain, models, hooks);
    const ready = now();
    const changed = prepared.taskVectors ? { ...models, taskVectors: prepared.taskVectors } : models;
    const merged: Networks<tf.Tensor1D> = tf.tidy(() => combineAll(recipe, chain, prepared, changed));
    const networks = await editAll(merged, (network, task) =>
      editor.edit(network, task, recipe, chain.post, changed, hooks),
    );
    // A readout speaks of one set of controls: of several there is none that holds for the whole network.
    const [own, ...others] = sets;
    const readout = own && others.length === 0 ? readoutOf(method, prepared.pieces, own.controls) : null;
    const footprint = sizeOfPack(chain, prepared, recipe.experts.length, zoo.length);
    const depth = own && method.blocks?.(own.controls, zoo.card.model.blocks, recipe.experts.length);
    const blocks = depth === undefined || depth === zoo.card.model.blocks ? {} : { blocks: depth };
    return { ...networks, ...blocks, readout, footprint, prepareMs: ready - started, combineMs: now() - ready };
  };

  const read = async (weights: tf.Tensor1D): Promise<Float32Array> => {
    const sound = isSound(weights);
    const values = (await weights.data()) as Float32Array;
    const bad = sound ? -1 : values.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) return values;
    const where = values.length === zoo.length ? nameAt(zoo.table, bad) : `number ${bad}`;
    throw new StudioError('device', `The merged weight ${where} is ${values[bad]}, not a number.`);
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
    read,
    async readAll({ weights, perTask, blocks }) {
      const depth = blocks === undefined ? {} : { blocks };
      if (!perTask) return { weights: await read(weights), ...depth };
      const own: [string, Float32Array][] = [];
      for (const [task, network] of Object.entries(perTask)) own.push([task, await read(network)]);
      return { weights: await read(weights), perTask: Object.fromEntries(own), ...depth };
    },
    bytes() {
      const models = [...resident.values()].reduce((sum, { size }) => sum + 4 * size, 0);
      return models + preparer.bytes();
    },
    dispose() {
      preparer.dispose();
      editor.dispose();
      for (const tensor of resident.values()) tensor.dispose();
      resident.clear();
    },
  };
}
