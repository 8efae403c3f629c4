/** Merge plans for the page: what `studio plan` writes into a folder, as one archive. It works in a worker, with its YAML. */
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { type DrawnPlanRequest, drawnPlan } from '../formats/drawn-plan.ts';
import { type PlanAxis, type PlanSource, planOfNames, planOfRecipe, planOfTemplate } from '../formats/merge-plan.ts';
import { readMergekit } from '../formats/mergekit/template.ts';
import { zipPlan } from '../formats/plan-zip.ts';
import { DEFAULT_SEED, type Recipe } from '../formats/recipe.ts';
import { design, pointsNeeded } from '../pareto/design/design.ts';

/** Merges of which only measurements are known: where they were sampled, and which vectors were. */
export interface Sampled {
  readonly axes: readonly PlanAxis[];
  readonly known: readonly (readonly number[])[];
}

export type PlanFrom =
  | { readonly kind: 'recipe'; readonly recipe: Recipe }
  | { readonly kind: 'names'; readonly sampled: Sampled }
  /** A configuration of mergekit; it goes on where measurements of the same coefficients end. */
  | {
      readonly kind: 'configuration';
      readonly name: string;
      readonly text: string;
      readonly sampled: Sampled | null;
    };

export interface PlanRequest {
  readonly from: PlanFrom;
  /** Twice the unknowns unless told. */
  readonly count?: number;
  /** Tasks of lm-evaluation-harness, separated by commas; may be left empty. */
  readonly tasks: string;
}

export interface Archive {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Files in it, relative to its folder. */
  readonly paths: readonly string[];
  /** What the configurations cannot say, and that the merges are few, a sentence each. */
  readonly notes: readonly string[];
}

export type PlanReply =
  /** Nothing can be planned from this: whole sentences. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  | {
      readonly kind: 'offer';
      readonly title: string;
      readonly axes: readonly PlanAxis[];
      /** Unknowns p of one task's surrogate. */
      readonly unknowns: number;
      /** Merges that were measured already and are not planned again. */
      readonly known: number;
      readonly count: number;
      /** Or why this many merges or these tasks cannot be planned. */
      readonly archive: Archive | { readonly refusal: string };
    };

type Source = Pick<DrawnPlanRequest, 'source' | 'seed' | 'known'>;
type Refused = Extract<PlanReply, { readonly kind: 'refused' }>;

export function makePlan({ from, count, tasks }: PlanRequest): PlanReply {
  const made = sourceOf(from);
  if ('reasons' in made) return made;
  const { source, known = [] } = made;
  const { title, axes } = source;
  const unknowns = pointsNeeded(axes.length);
  const wanted = count ?? 2 * unknowns;
  const archive = packed({ ...made, count: wanted, unknowns, design, tasks });
  return { kind: 'offer', title, axes, unknowns, known: known.length, count: wanted, archive };
}

function packed(request: DrawnPlanRequest): Archive | { readonly refusal: string } {
  const name = `merge-plan-${request.count}`;
  try {
    const { files, notes } = drawnPlan(request);
    return { name: `${name}.zip`, bytes: zipPlan(files, name), paths: files.map(({ path }) => path), notes };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}

function sourceOf(from: PlanFrom): Source | Refused {
  switch (from.kind) {
    case 'recipe': {
      const source = planOfRecipe(from.recipe, { catalogue, mergekit });
      if (source.kind === 'refused') return { kind: 'refused', reasons: [source.reason] };
      return { source, seed: from.recipe.seed };
    }
    case 'names': {
      const { axes, known } = from.sampled;
      return { source: planOfNames(axes), seed: DEFAULT_SEED, known };
    }
    case 'configuration': {
      const template = readMergekit(from.text);
      if (template.kind === 'template') return goingOn(planOfTemplate(template), from.sampled);
      const reasons = template.problems.map(({ line, message }) => `${from.name}, line ${line}: ${message}.`);
      return { kind: 'refused', reasons };
    }
  }
}

/** The configuration's own axes, unless measurements of the same coefficients say where to go on. */
function goingOn(source: PlanSource, sampled: Sampled | null): Source {
  const own = { source, seed: DEFAULT_SEED };
  const places = source.axes.map(({ name }) => sampled?.axes.findIndex((axis) => axis.name === name) ?? -1);
  if (!sampled || sampled.axes.length !== places.length || places.includes(-1)) return own;
  const axes = places.flatMap((place) => sampled.axes[place] ?? []);
  const known = sampled.known.map((vector) => places.map((place) => vector[place] ?? 0));
  return { ...own, source: { ...source, axes }, known };
}
