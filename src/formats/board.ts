/** The leaderboard of a mix: every method and preset that takes its experts, each with its default controls. */
import { beyondNoise, type Count, wilson } from '../core/stats/wilson.ts';
import type { Catalogue } from '../methods/metadata.ts';
import type { Card, Scores } from './card.ts';
import { chainFor, type Recipe } from './recipe.ts';
import { checkRecipe } from './recipe-check.ts';
import { accuracyOf, referenceAccuracy } from './scores.ts';

export interface BoardEntry {
  /** A merge method's or a preset's. */
  readonly id: string;
  readonly name: string;
  readonly recipe: Recipe;
  /** Learns by gradients: it comes last, and only when asked for. */
  readonly trained: boolean;
}

export interface Board {
  readonly entries: readonly BoardEntry[];
  /** Those that are not measured, each with its reason in a sentence. */
  readonly leftOut: readonly { readonly id: string; readonly name: string; readonly reason: string }[];
}

const NOT_ASKED = 'It is trained by gradients, which takes long: it is measured only when asked for.';

/**
 * Methods in the catalogue's order, then presets, then what is trained.
 * @param mix of which the experts and the seed count
 */
export function boardOf(
  mix: Recipe,
  catalogue: Catalogue,
  card: Card,
  { trained }: { readonly trained: boolean },
): Board {
  const named = [...catalogue.methods.filter(({ kind }) => kind === 'merge'), ...catalogue.presets];
  const all = named.flatMap(({ id, name }): BoardEntry[] => {
    const chain = chainFor(catalogue, id, mix.experts.length);
    if (!chain) return [];
    const gradients = chain.some(
      ({ method }) => catalogue.methods.find((known) => known.id === method)?.needs.gradients,
    );
    return [{ id, name, recipe: { ...mix, chain }, trained: gradients }];
  });
  const ordered = [...all.filter((entry) => !entry.trained), ...all.filter((entry) => entry.trained)];
  const judged = ordered.map((entry) => ({ entry, reason: refusalOf(entry, catalogue, card, trained) }));
  return {
    entries: judged.flatMap(({ entry, reason }) => (reason === undefined ? [entry] : [])),
    leftOut: judged.flatMap(({ entry: { id, name }, reason }) => (reason === undefined ? [] : [{ id, name, reason }])),
  };
}

function refusalOf(entry: BoardEntry, catalogue: Catalogue, card: Card, trained: boolean): string | undefined {
  return checkRecipe(entry.recipe, catalogue, card) ?? (entry.trained && !trained ? NOT_ASKED : undefined);
}

/** What one merge did over all tasks of the mix. */
export interface BoardOutcome {
  /** Mean accuracy over the tasks, 0…1, with Wilson's 95 % interval of all answers together. */
  readonly average: number;
  readonly low: number;
  readonly high: number;
  readonly worst: { readonly task: string; readonly accuracy: number };
  /** Mean over tasks of accuracy ÷ the expert's own on the same samples. */
  readonly ofExperts: number;
  /** Samples per task, the fewest. */
  readonly n: number;
  /** Answers to all tasks. */
  readonly answers: Count;
}

/** Undefined while a task's score is missing. */
export function boardOutcome(scores: Scores, tasks: readonly string[], card: Card): BoardOutcome | undefined {
  const known = tasks.flatMap((task) => {
    const score = scores[task];
    return score && score.n > 0 ? [{ task, score, accuracy: accuracyOf(score) }] : [];
  });
  const [first] = known;
  if (!first || known.length < tasks.length) return undefined;
  const { task, accuracy } = known.reduce((low, next) => (next.accuracy < low.accuracy ? next : low), first);
  const correct = known.reduce((sum, { score }) => sum + score.correct, 0);
  const n = known.reduce((sum, { score }) => sum + score.n, 0);
  return {
    average: mean(known.map((one) => one.accuracy)),
    ...wilson(correct, n),
    worst: { task, accuracy },
    ofExperts: mean(
      known.map((one) => {
        const own = referenceAccuracy(card, one.task, one.task, one.score.n);
        return own > 0 ? one.accuracy / own : 0;
      }),
    ),
    n: Math.min(...known.map(({ score }) => score.n)),
    answers: { correct, n },
  };
}

/** Whether chance alone explains the distance of two averages, at 95 %. */
export const withinNoise = (a: BoardOutcome, b: BoardOutcome): boolean => !beyondNoise(a.answers, b.answers);

/** What chooses among merges: mean accuracy over the tasks, all weighed alike; undefined while a score is missing. */
export function meanScore(scores: Scores, tasks: readonly string[]): number | undefined {
  const all = tasks.flatMap((task) => scores[task] ?? []);
  return all.length === tasks.length && all.length > 0 ? mean(all.map(accuracyOf)) : undefined;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
