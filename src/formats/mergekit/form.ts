/** Which of mergekit's merges a chain of steps is, and what of it mergekit says otherwise. */
import type { MergekitForm, MergekitJoin, MergekitRemark } from '../../methods/mergekit.ts';
import type { Catalogue, Mergekit, MethodMetadata } from '../../methods/metadata.ts';
import { type ControlValue, knownMethod, mergeStep, type Recipe, type Step } from '../recipe.ts';
import { isList, roundedForYaml, valuesOf, type Writing, type Written } from './values.ts';

/** What recipes are translated by. */
export interface Dictionary {
  readonly catalogue: Catalogue;
  readonly mergekit: Mergekit;
}

/** A step before the merge that mergekit has as one method with it. */
export interface Joined {
  readonly step: Step;
  readonly join: MergekitJoin;
}

/** A chain as mergekit has it. */
export interface Formed {
  readonly kind: 'form';
  /** mergekit's `merge_method`. */
  readonly name: string;
  readonly form: MergekitForm;
  readonly step: Step;
  readonly joined: Joined | undefined;
  /** What of the chain mergekit cannot say, a sentence each. */
  readonly inexact: readonly string[];
}

type FormResult = Formed | { readonly kind: 'refused'; readonly reason: string };

export function formOf(recipe: Recipe, { catalogue, mergekit }: Dictionary): FormResult {
  const step = mergeStep(recipe, catalogue);
  const method = knownMethod(catalogue, step.method);
  const forms = mergekit.merges[method.id] ?? [];
  if (forms.length === 0) {
    const known = catalogue.methods.filter(({ id }) => id in mergekit.merges).map(({ name }) => name);
    return refused(`mergekit has no counterpart of ${method.name}: choose one of ${known.join(', ')}.`);
  }
  const form = forms.find((candidate) => fits(candidate, step, recipe));
  if (!form) return refused(notAsSet(method, forms));
  const joined = joinedStep(recipe, mergekit);
  const together =
    joined && Object.hasOwn(joined.join.methods, form.method) ? joined.join.methods[form.method] : undefined;
  if (joined && !together) {
    const { name } = knownMethod(catalogue, joined.step.method);
    return refused(`mergekit cannot have ${name} before ${method.name}: leave that step out, or choose another merge.`);
  }
  const left = recipe.chain.filter((other) => other !== step && other !== joined?.step);
  const inexact = [
    ...remarksOn(form.inexact, step, joined !== undefined),
    ...(joined ? remarksOn(joined.join.inexact, joined.step, true) : []),
    ...left.map(
      (other) => `${knownMethod(catalogue, other.method).name} is left out: mergekit has no counterpart of it.`,
    ),
  ];
  return { kind: 'form', name: together ?? form.method, form, step, joined, inexact };
}

export function parametersOfModel({ form, step, joined }: Formed, expert: number, writing?: Writing): Written {
  const perModel = form.perModel ?? {};
  const own = valuesOf(isList(perModel) ? perModel[expert] : perModel, step, expert, writing);
  const taken = Object.keys(joined?.join.perModel ?? {});
  return {
    ...(joined && valuesOf(joined.join.perModel, joined.step, expert)),
    ...Object.fromEntries(Object.entries(own).filter(([name]) => !taken.includes(name))),
  };
}

export function sharedParameters({ form, step, joined }: Formed, writing?: Writing): Written {
  return {
    ...valuesOf(form.parameters, step, 0, writing),
    ...(joined && valuesOf(joined.join.parameters, joined.step, 0)),
  };
}

function refused(reason: string): FormResult {
  return { kind: 'refused', reason };
}

const holds = (step: Step, values: Readonly<Record<string, string | number>> = {}) =>
  Object.entries(values).every(([key, value]) => step.controls[key] === value);

const fits = ({ when, experts }: MergekitForm, step: Step, recipe: Recipe) =>
  holds(step, when) && (experts === undefined || experts === recipe.experts.length);

/** Names the choices that some form holds for. */
function notAsSet({ name, controls }: MethodMetadata, forms: readonly MergekitForm[]): string {
  const ways = forms.map(({ when = {} }) =>
    Object.entries(when)
      .map(([key, value]) => {
        const control = controls[key];
        const option = control?.kind === 'choice' ? control.options.find((each) => each.value === value) : undefined;
        return `“${control?.name ?? key}” to “${option?.name ?? value}”`;
      })
      .join(' and '),
  );
  return `mergekit has ${name}, but not as it is set here: set ${[...new Set(ways)].join(', or ')}.`;
}

function joinedStep(recipe: Recipe, { joins }: Mergekit): Joined | undefined {
  for (const step of recipe.chain) {
    const join = joins[step.method]?.find(({ when }) => holds(step, when));
    if (join) return { step, join };
  }
  return undefined;
}

const inWords = (value: ControlValue | undefined) =>
  String(typeof value === 'number' ? roundedForYaml(value) : (value ?? ''));

/** What of the remarks is to be said about the step as it is set. */
export function remarksOn(all: readonly MergekitRemark[] = [], step: Step, isJoined: boolean): string[] {
  return all
    .filter(({ when, unless = {}, joined = isJoined }) => {
      const excepted = Object.entries(unless).some(([key, value]) => step.controls[key] === value);
      return holds(step, when) && !excepted && joined === isJoined;
    })
    .map(({ say }) => say.replace(/\{(\w+)\}/g, (_, key: string) => inWords(step.controls[key])));
}
