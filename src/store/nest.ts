/** Keeps the nodes of nested MAP up to date with what is measured, and while it runs plans what they need next. */
import { openSearch, type Search } from '../client/search.ts';
import { failureOf } from '../client/worker-client.ts';
import type { Card } from '../formats/card.ts';
import { selectNestedRequest } from './nested.ts';
import { named, treeBelow } from './nested-tree.ts';
import { recipeAt } from './point-recipe.ts';
import { selectStudy } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { Plan, StudioState } from './state.ts';
import { useStudio } from './studio.ts';
import { planOf, tasksOf } from './study.ts';

const REFUSED =
  'The method refuses a merge that nested MAP needs, such as the base alone with all coefficients at zero. Choose a method that gives a network there.';

/** A worker that breaks again and again is left alone. */
const MAX_FAILURES = 3;

export function startNesting(): void {
  const { getState: get, setState: set } = useStudio;
  let search: Search | undefined;
  let failures = 0;
  let busy = false;
  /** What failed is not asked again. */
  let refused = '';
  /** What this run has asked for: a merge that is wanted again after its plan was done cannot be made. */
  let planned = new Set<string>();
  const impossible = new Set<string>();

  const update = async () => {
    const state = get();
    if (busy || (state.view?.goals !== 'nested' && !state.nestedRun)) return;
    const asked = selectNestedRequest(state);
    if (!asked || asked.key === state.nested?.key || asked.key === refused) return;
    const { request, study, key } = asked;
    busy = true;
    try {
      search ??= openSearch();
      const status = await search.nested(request);
      const root = status.next === null ? status.nodes.at(-1) : undefined;
      set(({ nestedDone }) => ({
        nested: { ...status, study, key },
        ...(failures > 0 && { nestedProblem: null }),
        ...(root && {
          nestedDone: {
            ...nestedDone,
            [study]: {
              preferences: request.preferences,
              tree: named(treeBelow(status.nodes, root.id), request.tasks),
            },
          },
        }),
      }));
      failures = 0;
    } catch (error) {
      search?.close();
      search = undefined;
      failures++;
      if (failures >= MAX_FAILURES) refused = key;
      set({ nested: null, nestedRun: null, nestedProblem: failureOf(error).message });
    } finally {
      busy = false;
    }
    await update();
  };

  /** Brings the plan in line with what the nodes need. */
  const steer = () => {
    const state = get();
    const { nestedRun: run, nested, search: phase, plan, card, weighing } = state;
    if (!run || !card) return;
    if (selectStudy(state) !== run.study) {
      const { done, total } = plan && 'done' in phase ? phase : { done: 0, total: 0 };
      return set({ nestedRun: null, ...(plan && { plan: null, search: { phase: 'stopped', done, total } }) });
    }
    if (phase.phase === 'stopped' || phase.phase === 'failed') return set({ nestedRun: null });
    if (phase.phase === 'paused' || weighing || !nested || nested.key !== selectNestedRequest(state)?.key) return;
    const next = nextPlan(state, card);
    if (!next) return set({ nestedRun: null, plan: null, search: { phase: 'idle' } });
    const wanted = merges(next);
    if (plan && wanted.every((each) => merges(plan).includes(each))) return;
    if (wanted.some((each) => impossible.has(each)) || wanted.every((each) => planned.has(each))) {
      for (const each of wanted) impossible.add(each);
      return set({ nestedRun: null, plan: null, search: { phase: 'idle' }, nestedProblem: REFUSED });
    }
    for (const each of wanted) planned.add(each);
    set({ plan: next, search: { phase: 'measuring', done: 0, total: next.ids.length, secondsLeft: null } });
  };

  useStudio.subscribe((state, before) => {
    if (state.nestedRun !== before.nestedRun) planned = new Set();
    // What was told of another mix does not hold for this one.
    if (state.nestedProblem !== null && selectStudy(before) !== selectStudy(state)) set({ nestedProblem: null });
    steer();
    void update();
  });
  void update();
}

/** The merges that are wanted next; undefined when nothing is left. */
function nextPlan(state: StudioState, card: Card): Plan | undefined {
  const { nested, recipe } = state;
  if (!nested?.next || !recipe) return undefined;
  const { merges: wanted } = nested.next;
  const plan = planOf(
    wanted.map(({ coefficients }) => recipeAt(recipe, coefficients, selectSpace(state))),
    card,
  );
  return { ...plan, fewer: wanted.map(({ tasks }) => tasks.flatMap((i) => recipe.experts[i] ?? [])) };
}

/** Names of a plan's merges with the tasks that they are wanted on. */
const merges = (plan: Plan): readonly string[] => plan.ids.map((id, i) => `${id} ${tasksOf(plan, i).join()}`);
