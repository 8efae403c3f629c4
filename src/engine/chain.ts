/** A recipe's chain with the methods' code: pre* → merge → post*. */
import type { Recipe, Step } from '../formats/recipe.ts';
import type { Method } from '../methods/define.ts';
import { methodById } from '../methods/registry.ts';
import { StudioError } from './fault.ts';

export interface Resolved<K extends Method['kind']> {
  readonly method: Extract<Method, { kind: K }>;
  readonly step: Step;
}

export interface Chain {
  readonly pre: readonly Resolved<'pre'>[];
  readonly merge: Resolved<'merge'>;
  readonly post: readonly Resolved<'post'>[];
}

/** @throws StudioError unless there is exactly one merge step and every method takes this number of experts */
export function resolveChain(
  recipe: Pick<Recipe, 'experts' | 'chain'>,
  find: (id: string) => Method = methodById,
): Chain {
  const steps = recipe.chain.map((step) => ({ method: find(step.method), step }));
  for (const { method } of steps) checkExperts(method, recipe.experts.length);
  const of = <K extends Method['kind']>(kind: K) =>
    steps.filter((resolved): resolved is Resolved<K> => resolved.method.kind === kind);
  const [merge, ...more] = of('merge');
  if (!merge || more.length > 0)
    throw new StudioError('recipe', `A recipe needs exactly one merging method; this one has ${of('merge').length}.`);
  return { pre: of('pre'), merge, post: of('post') };
}

function checkExperts({ name, needs: { experts } }: Method, count: number): void {
  const { min, max = Number.POSITIVE_INFINITY } = experts;
  if (count >= min && count <= max) return;
  const wanted = min === max ? `exactly ${min}` : count < min ? `at least ${min}` : `at most ${max}`;
  throw new StudioError('recipe', `${name} needs ${wanted} experts, but the recipe has ${count}.`);
}
