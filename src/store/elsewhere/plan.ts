/** A merge plan from what is on the screen, or from a mergekit configuration, as an archive to take away. */
import { type DrawnPlan, drawnPlan } from '../../formats/drawn-plan.ts';
import { type PlanSource, planOfNames, planOfRecipe, planOfTemplate } from '../../formats/merge-plan.ts';
import { readMergekit } from '../../formats/mergekit-template.ts';
import { zipPlan } from '../../formats/plan-zip.ts';
import { DEFAULT_SEED } from '../../formats/recipe.ts';
import { design, pointsNeeded } from '../../pareto/design/design.ts';
import { catalogue } from '../catalogue.ts';
import { namedCoefficients } from '../point-recipe.ts';
import type { StudioState } from '../state.ts';

/** What a plan can be made of. */
export interface PlanOffer {
  readonly source: PlanSource;
  readonly seed: number;
  /** Unknowns p of one task's surrogate. */
  readonly unknowns: number;
  /** Vectors that were measured already, and are not planned again. */
  readonly known: readonly (readonly number[])[];
}

export type Refused = { readonly refusal: readonly string[] };

type Screen = Pick<StudioState, 'recipe' | 'elsewhere' | 'points' | 'configuration'>;

/** The offer, or why there is none, a sentence each. */
export function planOffer(screen: Screen): PlanOffer | Refused {
  const { recipe, elsewhere, configuration } = screen;
  if (configuration) return offerOfConfiguration(configuration, screen);
  if (!recipe) return { refusal: ['Open a mix first, or a mergekit configuration.'] };
  if (elsewhere) return { ...measuredHere(screen), source: planOfNames(axesOf(screen)), seed: DEFAULT_SEED };
  const source = planOfRecipe(recipe, catalogue);
  if (source.kind === 'refused') return { refusal: [source.reason] };
  return { source, seed: recipe.seed, unknowns: pointsNeeded(source.axes.length), known: [] };
}

/** A configuration whose coefficients are those of the screen goes on where its measurements end. */
function offerOfConfiguration(
  { name, text }: NonNullable<StudioState['configuration']>,
  screen: Screen,
): PlanOffer | Refused {
  const template = readMergekit(text);
  if (template.kind === 'refused')
    return { refusal: template.problems.map(({ line, message }) => `${name}, line ${line}: ${message}.`) };
  const source = planOfTemplate(template);
  const own = screen.elsewhere ? axesOf(screen) : [];
  const same =
    own.length === source.axes.length && source.axes.every((axis) => own.some((each) => each.name === axis.name));
  if (!same) return { source, seed: DEFAULT_SEED, unknowns: pointsNeeded(source.axes.length), known: [] };
  const places = source.axes.map((axis) => own.findIndex((each) => each.name === axis.name));
  const { unknowns, known } = measuredHere(screen);
  return {
    source: { ...source, axes: source.axes.map((axis, i) => own[places[i] ?? 0] ?? axis) },
    seed: DEFAULT_SEED,
    unknowns,
    known: known.map((vector) => places.map((place) => vector[place] ?? 0)),
  };
}

/** The sampled box: beyond it the surrogates that are there would only extrapolate. */
function axesOf({ recipe }: Screen): PlanSource['axes'] {
  if (!recipe) return [];
  return namedCoefficients(recipe).map(({ key, min, max }) => ({ name: key, min, max, perExpert: false }));
}

function measuredHere({ points }: Screen): Pick<PlanOffer, 'known' | 'unknowns'> {
  const known = points.map(({ coefficients }) => coefficients);
  return { known, unknowns: pointsNeeded(known[0]?.length ?? 0) };
}

/** @throws Error when the count or the tasks cannot be planned */
export function draw({ source, seed, unknowns, known }: PlanOffer, count: number, tasks: string): DrawnPlan {
  return drawnPlan({ source, count, seed, unknowns, known, design, tasks });
}

/** The plan as one file, whose content unpacks into a folder of the same name. */
export function packed(
  { files }: DrawnPlan,
  count: number,
): { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> } {
  const name = `merge-plan-${count}`;
  return { name: `${name}.zip`, bytes: zipPlan(files, name) };
}
