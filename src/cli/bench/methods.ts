/** Every merge method and preset: preparing it, preparing it again when a slider of its preparation moves, combining, memory. */
import { createMerger, type Merger } from '../../engine/merger.ts';
import { knownMethod, type NumberControl, type Recipe, withControl, withMethod } from '../../formats/recipe.ts';
import type { Method } from '../../methods/define.ts';
import { metadata } from '../../methods/metadata.ts';
import { methodById } from '../../methods/registry.ts';
import type { Group, Row } from './report.ts';
import { exactly, spreadOf } from './spread.ts';
import { recipeOf, type Subject } from './subject.ts';

const now = () => performance.now();

/** A preparation longer than this is run once. */
const LONG_MS = 1500;
const PREPARE_ROUNDS = 5;
const DRAGS = 7;
const COMBINES = 21;
const MEMORY_GOAL = 6;
const DRAG_GOAL_MS = 60;

/** What the design asks of a preparation, by what the steps of a chain do. */
function prepareGoal(methods: readonly Method[]): number | undefined {
  const has = (facet: 'svd' | 'optimiser') => methods.some(({ facets = [] }) => facets.includes(facet));
  if (methods.some(({ needs }) => needs.data) || has('optimiser')) return undefined;
  if (has('svd')) return 3000;
  return methods.some((method) => sorts(method)) ? 400 : 150;
}

const sorts = (method: Method): boolean =>
  ['sign', 'drop', 'pack'].includes(method.family) || (method.kind === 'merge' && method.survey !== undefined);

/** Of a combination: linear ones read memory once, elections compare as well. */
function combineGoal(methods: readonly Method[]): number {
  const merge = methods.find(({ kind }) => kind === 'merge');
  if (merge?.laws.includes('linear-in-coefficients') && methods.every(({ kind }) => kind !== 'post')) return 5;
  return merge?.family === 'sign' ? 25 : 50;
}

interface Entry {
  readonly id: string;
  readonly recipe: Recipe;
  readonly methods: readonly Method[];
}

/** Everything that can be chosen as a merge, over as many of the experts as it takes; chains ("trim-each+task-arithmetic") only when asked for. */
function entries({ card, everyone }: Subject, only: readonly string[] | undefined): Entry[] {
  const ids = [...metadata.methods.filter(({ kind }) => kind !== 'pre'), ...metadata.presets].map(({ id }) => id);
  const over = (id: string, count: number): Recipe => {
    const experts = `#v=1&e=${everyone.slice(0, count).join()}`;
    return id.includes('+') ? recipeOf(card, `${experts}&m=${id}`) : withMethod(recipeOf(card, experts), metadata, id);
  };
  return [...ids, ...(only ?? []).filter((id) => id.includes('+'))]
    .filter((id) => only === undefined || only.includes(id))
    .map((id) => {
      const methods = over(id, everyone.length).chain.map((step) => methodById(step.method));
      const most = Math.min(everyone.length, ...methods.map(({ needs }) => needs.experts.max ?? everyone.length));
      return { id, recipe: over(id, most), methods };
    });
}

async function merged(merger: Merger, recipe: Recipe) {
  const { weights, prepareMs, combineMs } = await merger.merge(recipe);
  await merger.read(weights);
  weights.dispose();
  return { prepareMs, combineMs };
}

/** Method-wide numbers whose movement means a new preparation. */
function preparing(recipe: Recipe): { method: string; name: string; control: NumberControl }[] {
  return recipe.chain.flatMap((step) =>
    Object.entries(knownMethod(metadata, step.method).controls).flatMap(([name, control]) => {
      if (control.kind === 'choice' || control.per === 'expert' || control.stage !== 'prepare') return [];
      const hidden = control.when && step.controls[control.when.control] !== control.when.is;
      return hidden ? [] : [{ method: step.method, name, control }];
    }),
  );
}

/** Values on a slider's path that were not asked for before. */
function positions({ min, max, integer }: NumberControl): number[] {
  const values = Array.from({ length: DRAGS }, (_, i) => min + (max - min) * ((0.31 + 0.618 * i) % 1));
  return [...new Set(values.map((value) => (integer ? Math.round(value) : Number(value.toFixed(4)))))];
}

async function prepareRow({ id, recipe, methods }: Entry, { zoo }: Subject): Promise<Row> {
  const took: number[] = [];
  do {
    // A new merger has prepared nothing yet.
    const merger = createMerger(zoo, now);
    took.push((await merged(merger, recipe)).prepareMs);
    merger.dispose();
  } while (took.length < PREPARE_ROUNDS && (took.at(-1) ?? 0) < LONG_MS);
  const goal = prepareGoal(methods);
  return {
    what: `${id}, ${recipe.experts.length} experts`,
    // Without the first of several: it pays for compiling.
    measured: spreadOf(took.length > 1 ? took.slice(1) : took),
    unit: 'ms',
    ...(goal !== undefined && { goal }),
  };
}

async function dragRows({ id, recipe, methods }: Entry, merger: Merger): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { method, name, control } of preparing(recipe)) {
    const took: number[] = [];
    for (const value of positions(control)) {
      const { prepareMs } = await merged(merger, withControl(recipe, metadata, { method, control: name }, value));
      took.push(prepareMs);
      if (prepareMs > LONG_MS) break;
    }
    const limited = !methods.some(({ needs, facets = [] }) => needs.data || facets.includes('optimiser'));
    const counted = took.length > 1 ? took.slice(1) : took;
    rows.push({
      what: `${id}, ${name}`,
      measured: spreadOf(counted),
      unit: 'ms',
      ...(limited && { goal: DRAG_GOAL_MS }),
    });
  }
  return rows;
}

async function combineRow({ id, recipe, methods }: Entry, merger: Merger): Promise<Row> {
  const took: number[] = [];
  for (let i = 0; i < COMBINES; i++) took.push((await merged(merger, recipe)).combineMs);
  return { what: id, measured: spreadOf(took.slice(COMBINES >> 1)), unit: 'ms', goal: combineGoal(methods) };
}

/** @param only ids of methods or presets; all by default */
export async function methodGroups(subject: Subject, only?: readonly string[]): Promise<Group[]> {
  const { zoo, everyone } = subject;
  const prepare: Row[] = [];
  const drag: Row[] = [];
  const combine: Row[] = [];
  const memory: Row[] = [];
  // All models are in memory before anything is counted.
  await Promise.all(['base', ...everyone].map((id) => zoo.model(id)));
  for (const entry of entries(subject, only)) {
    process.stderr.write(`measuring ${entry.id} …\n`);
    prepare.push(await prepareRow(entry, subject));
    const merger = createMerger(zoo, now);
    combine.push(await combineRow(entry, merger));
    drag.push(...(await dragRows(entry, merger)));
    const held = merger.bytes() / (4 * zoo.length * entry.recipe.experts.length);
    memory.push({ what: entry.id, measured: exactly(held), unit: '×', goal: MEMORY_GOAL });
    merger.dispose();
  }
  const count = everyone.length;
  return [
    { title: `Preparing from nothing, ${count} experts`, rows: prepare },
    { title: 'Preparing again when a slider of the preparation moves', rows: drag },
    { title: 'Combining with the default controls', rows: combine },
    { title: 'Memory held by models, parts and preparations, in sizes of all experts', rows: memory },
  ];
}
