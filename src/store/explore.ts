/**
 * Keeps surrogates and predicted fronts up to date with the points, the study and the goals on the screen, and chooses the next
 * merges when asked to.
 */
import type { GenerationStep } from '../client/protocol.ts';
import { openSearch } from '../client/search.ts';
import { failureOf } from '../client/worker-client.ts';
import { metricsOf, selectGoals } from './objectives.ts';
import { NEXT } from './pareto.ts';
import { recipeAt } from './point-recipe.ts';
import { selectStudy } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { ParetoPoint } from './state.ts';
import { useStudio } from './studio.ts';
import { axesOf, planOf } from './study.ts';

/** Different candidates would move the predicted front a little at every fit. */
const CANDIDATE_SEED = 1;
/** A worker that breaks again and again is left alone. */
const MAX_RESTARTS = 3;

export function startExploring(): void {
  const onGeneration = (step: GenerationStep) => {
    // Told on a way of its own, the last ones may come after the front.
    if (!busy) return;
    const study = selectStudy(useStudio.getState());
    if (study !== null) useStudio.setState({ generation: { ...step, study } });
  };
  let search = openSearch(onGeneration);
  let failures = 0;
  let asked = '';
  let busy = false;

  const update = async () => {
    if (busy) return;
    const state = useStudio.getState();
    const study = selectStudy(state);
    const { recipe, view, elsewhere } = state;
    if (study === null || !recipe || !view) return;
    const points = state.points.filter((point) => point.study === study);
    const goals = selectGoals(state);
    const ids = goals.map(({ id }) => id).join();
    const key = JSON.stringify([study, ids, view.map, points.map(samples)]);
    if (key === asked || points.length === 0) return;
    asked = key;
    busy = true;
    try {
      const exploration = await search.explore({
        points,
        metrics: metricsOf(recipe, view, elsewhere),
        goals: goals.map(({ objective }) => objective),
        axes: axesOf(recipe, selectSpace(state)),
        search: view.map.search,
        published: view.map.compare === 'published',
        seed: CANDIDATE_SEED,
      });
      useStudio.setState({ exploration: { ...exploration, study, points: points.length } });
    } catch {
      // Estimates are an extra: without them the page shows measured numbers only.
      useStudio.setState({ exploration: null });
      failures++;
      if (failures <= MAX_RESTARTS) {
        search.close();
        search = openSearch(onGeneration);
        asked = '';
      }
    } finally {
      busy = false;
      // Most searches have no generations: nobody is to be woken for nothing.
      if (useStudio.getState().generation) useStudio.setState({ generation: null });
    }
    await update();
  };
  /** What is chosen replaces no plan: it is asked for only while none is under way. */
  const choose = async () => {
    const state = useStudio.getState();
    const study = selectStudy(state);
    const { recipe, view, card, elsewhere } = state;
    if (!recipe || !view || !card) return;
    const points = state.points.filter((point) => point.study === study);
    try {
      const space = selectSpace(state);
      const vectors = await search.next({
        points,
        metrics: metricsOf(recipe, view, elsewhere),
        goals: selectGoals(state).map(({ objective }) => objective),
        rule: view.map.rule,
        axes: axesOf(recipe, space),
        count: NEXT,
        seed: recipe.seed,
      });
      if (useStudio.getState().search.phase !== 'choosing') return;
      const plan = planOf(
        vectors.map((c) => recipeAt(recipe, c, space)),
        card,
      );
      useStudio.getState().rememberPredictions(plan.recipes);
      useStudio.setState({
        plan,
        search: { phase: 'measuring', done: 0, total: vectors.length, secondsLeft: null },
      });
    } catch (error) {
      useStudio.setState({ search: { phase: 'failed', failure: failureOf(error) } });
    }
  };

  useStudio.subscribe((state, before) => {
    if (state.search.phase === 'choosing' && before.search.phase !== 'choosing') void choose();
    void update();
  });
  void update();
}

/** Changes when a point is measured on more samples. */
const samples = ({ mergeId, test }: ParetoPoint) => `${mergeId}:${Object.values(test)[0]?.n ?? 0}`;
