/** Which methods can merge these files, and why the others cannot. How much memory they take is told by the engine, of a job. */
import type { Catalogue, MethodMetadata } from '../../methods/metadata.ts';
import { knownMethod } from '../recipe.ts';
import type { Fit } from './fit-table.ts';

type Cast = Pick<Fit, 'base' | 'experts'>;

export interface MethodFit {
  /** Of a method or a preset. */
  readonly id: string;
  /** Why it cannot merge these files and what to do, in a sentence; null where it can. */
  readonly refusal: string | null;
}

/** Every method and preset of the catalogue, in its order. */
export function fittingMethods(fit: Cast, catalogue: Catalogue): readonly MethodFit[] {
  const methods = catalogue.methods.map((method) => ({ id: method.id, refusal: refuseMethod(method, fit) }));
  const presets = catalogue.presets.map(({ id, chain }) => {
    const steps = chain.map(({ method }) => refuseMethod(knownMethod(catalogue, method), fit));
    return { id, refusal: steps.find((refusal) => refusal !== null) ?? null };
  });
  return [...methods, ...presets];
}

/** Why one method cannot merge these files. */
export function refuseMethod({ name, needs, changesDepth }: MethodMetadata, { base, experts }: Cast): string | null {
  if (needs.data || needs.gradients)
    return `${name} runs the network on data while it merges, which files of any architecture do not allow: choose a method without data.`;
  if (changesDepth) return `${name} changes how many layers there are: write it as slices in a mergekit configuration.`;
  if (needs.base && base === null) return `${name} works on changes from a base: choose the base.`;
  const { min, max = Number.POSITIVE_INFINITY } = needs.experts;
  const count = experts.length;
  const chosen = count === 1 ? '1 is' : `${count} are`;
  if (count >= min && count <= max) return null;
  const wanted = min === max ? `exactly ${min}` : count < min ? `at least ${min}` : `at most ${max}`;
  const todo = count < min ? `add ${min - count}` : `leave ${count - max} out`;
  return `${name} needs ${wanted} experts and ${chosen} chosen: ${todo}.`;
}
