/** One sentence about what a change did, for eyes and screen readers alike. Pure: two measurements in, words out. */
import { beyondNoise } from '../core/stats/wilson.ts';
import type { Score, Scores } from '../formats/card.ts';
import { type ControlValue, type Recipe, storedGroups } from '../formats/recipe.ts';

/** The part of a measurement that the sentence is about. */
export interface Settled {
  readonly recipe: Recipe;
  readonly test: Scores;
}

/** How ids are called on the screen. */
export interface Names {
  task(id: string): string;
  method(id: string): string;
  /** A control's letter, such as λ. */
  symbol(method: string, control: string): string;
  /** What a group of layers holds, counted from 0 of so many. */
  layers(group: number, groups: number): string;
}

/** Whether two scores differ by more than chance explains. */
export type Differs = (before: Score, after: Score) => boolean;

export type Tone = 'plain' | 'gain' | 'loss' | 'noise';

/** A run of the sentence; `task` where it speaks of one task and may be drawn in its expert's colour. */
export interface Part {
  readonly text: string;
  readonly tone: Tone;
  readonly task?: string;
}

export interface Change {
  readonly task: string;
  /** Accuracy after minus before, −1…1. */
  readonly delta: number;
  readonly beyondNoise: boolean;
}

/** Tasks told one by one; the rest is counted. */
const MOST_TOLD = 3;

export const plainText = (parts: readonly Part[]): string => parts.map((part) => part.text).join('');

/** Changes of the tasks that both measurements have, the largest beyond noise first. */
export function changes(before: Scores, after: Scores, differs: Differs): readonly Change[] {
  const all = Object.entries(after).flatMap(([task, score]) => {
    const old = before[task];
    if (!old || old.n === 0 || score.n === 0) return [];
    const delta = score.correct / score.n - old.correct / old.n;
    return [{ task, delta, beyondNoise: differs(old, score) }];
  });
  return all.sort((a, b) => Number(b.beyondNoise) - Number(a.beyondNoise) || Math.abs(b.delta) - Math.abs(a.delta));
}

/**
 * For example "λ digits .30 → .55: Digits +4.1 points, Kana −9.0; 2 others within noise."
 * @param before the settled measurement that came before, of another recipe
 */
export function changeSentence(
  before: Settled,
  after: Settled,
  names: Names,
  differs: Differs = beyondNoise,
): readonly Part[] {
  const cause = causeOf(before.recipe, after.recipe, names);
  const told = changes(before.test, after.test, differs);
  const lead: Part[] = cause ? [{ text: `${cause}: `, tone: 'plain' }] : [];
  return [...lead, ...effects(told, names, lead.length === 0)];
}

function effects(told: readonly Change[], names: Names, first: boolean): readonly Part[] {
  const real = told.filter((change) => change.beyondNoise);
  if (told.length === 0) return [{ text: `${first ? 'N' : 'n'}o task to compare with.`, tone: 'plain' }];
  if (real.length === 0) return [{ text: `${first ? 'N' : 'n'}o task changed beyond noise.`, tone: 'noise' }];
  const shown = real.slice(0, MOST_TOLD);
  const parts = shown.flatMap((change, i): Part[] => [
    ...(i === 0 ? [] : [{ text: ', ', tone: 'plain' } as const]),
    {
      text: `${names.task(change.task)} ${signed(change.delta)}${i === 0 ? ' points' : ''}`,
      tone: change.delta > 0 ? 'gain' : 'loss',
      task: change.task,
    },
  ]);
  const more = real.length - shown.length;
  if (more > 0) parts.push({ text: ` and ${more} more`, tone: 'plain' });
  const quiet = told.length - real.length;
  if (quiet > 0) parts.push({ text: `; ${others(quiet)} within noise`, tone: 'noise' });
  return [...parts, { text: '.', tone: 'plain' }];
}

const others = (count: number) => (count === 1 ? '1 other' : `${count} others`);

/** What a visitor reads who has changed nothing yet. @param kept accuracy ÷ the expert's own, per task */
export function openingSentence(kept: Readonly<Record<string, number>>, names: Names, pack = false): readonly Part[] {
  const order = Object.entries(kept).sort(([, a], [, b]) => b - a);
  const best = order[0];
  const worst = order.at(-1);
  if (!best || !worst) return [];
  const name = ([task]: readonly [string, number]): Part => ({ text: names.task(task), tone: 'plain', task });
  const share = ([, of]: readonly [string, number]) => `${Math.round(of * 100)}\u00a0%`;
  const keeps: Part = { text: ` keeps ${share(best)} of its expert’s accuracy`, tone: 'plain' };
  if (order.length === 1) return [name(best), keeps, { text: '.', tone: 'plain' }];
  const head: Part = {
    text: `${pack ? 'A network for each of' : 'One network for'} ${order.length} tasks: `,
    tone: 'plain',
  };
  return [
    head,
    name(best),
    keeps,
    { text: ', ', tone: 'plain' },
    name(worst),
    { text: ` ${share(worst)}.`, tone: 'plain' },
  ];
}

// ---------------------------------------------------------------- cause

/** What the user changed, in a few words; undefined when it was more than one thing. */
function causeOf(before: Recipe, after: Recipe, names: Names): string | undefined {
  const chain = (recipe: Recipe) => recipe.chain.map((step) => names.method(step.method)).join(' + ');
  if (chain(before) !== chain(after)) return `${chain(after)} instead of ${chain(before)}`;
  const added = after.experts.filter((id) => !before.experts.includes(id));
  const removed = before.experts.filter((id) => !after.experts.includes(id));
  if (added.length + removed.length > 0) {
    const list = (word: string, ids: readonly string[]) =>
      ids.length === 0 ? [] : [`${word} ${ids.map((id) => names.task(id)).join(', ')}`];
    return [...list('With', added), ...list('Without', removed)].join(', ').replace(', W', ', w');
  }
  if (before.seed !== after.seed) return `Seed ${after.seed}`;
  return controlCause(before, after, names);
}

const layerGroups = ({ chain }: Recipe): number => Math.max(1, ...chain.map(storedGroups));

function controlCause(before: Recipe, after: Recipe, names: Names): string | undefined {
  const [divided, now] = [layerGroups(before), layerGroups(after)];
  if (divided !== now) return now === 1 ? 'One coefficient for all layers' : `${now} groups of layers`;
  const shape = shapeCause(before, after);
  if (shape) return shape;
  const moved = after.chain.flatMap((step, s) =>
    Object.entries(step.controls).flatMap(([key, now]) => {
      const olds = entries(before.chain[s]?.controls[key]);
      const symbol = names.symbol(step.method, key);
      const place = (i: number) =>
        typeof now === 'object' ? `${symbol} ${owner(i, now.length, after, names)}` : symbol;
      return entries(now).flatMap((value, i) =>
        value === olds[i] ? [] : [{ symbol, what: `${place(i)} ${shown(olds[i])} → ${shown(value)}` }],
      );
    }),
  );
  const symbols = [...new Set(moved.map((move) => move.symbol))];
  if (moved.length <= 1) return moved[0]?.what;
  return symbols.length === 1 ? `${moved.length} values of ${symbols[0]} changed` : undefined;
}

/** Curves or the filter, where they are all that differs. */
function shapeCause(before: Recipe, after: Recipe): string | undefined {
  const of = (recipe: Recipe, key: 'controls' | 'curves' | 'filter') =>
    JSON.stringify(recipe.chain.map((step) => step[key] ?? null));
  if (of(before, 'controls') !== of(after, 'controls')) return undefined;
  const [curves, filter] = (['curves', 'filter'] as const).map((key) => of(before, key) !== of(after, key));
  if (curves && filter) return undefined;
  return curves ? 'Other curves over the layers' : filter ? 'Other tensors are merged' : undefined;
}

/** Whose the i-th of so many values is: an expert's, or that of its group of layers. */
function owner(i: number, count: number, { experts }: Recipe, names: Names): string {
  const groups = Math.max(1, Math.floor(count / Math.max(1, experts.length)));
  const expert = experts[Math.floor(i / groups)] ?? String(i + 1);
  return groups === 1 ? expert : `${expert} · ${names.layers(i % groups, groups)}`;
}

const entries = (value: ControlValue | undefined): readonly (number | string | undefined)[] =>
  typeof value === 'object' ? value : [value];

// ---------------------------------------------------------------- numbers

/** Points of a hundred with sign and one decimal: "+4.1", "−9.0". */
export function signed(delta: number): string {
  const points = Math.abs(delta * 100).toFixed(1);
  return `${delta < 0 ? '−' : '+'}${points}`;
}

/** A coefficient as figures print it: ".30", "−.05", "1.20". */
export function short(value: number): string {
  const digits = Math.abs(value)
    .toFixed(2)
    .replace(/^0(?=\.)/, '');
  return value < 0 && digits !== '.00' ? `−${digits}` : digits;
}

function shown(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) > 1 ? String(value) : short(value);
  return String(value ?? '–');
}
