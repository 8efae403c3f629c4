/**
 * Keeps surrogates and predicted fronts up to date with the points, the study and the goals on the screen, and chooses the next
 * merges when asked to.
 */
import { openSearch } from '../client/search.ts';
import { failureOf } from '../client/worker-client.ts';
import type { View } from '../formats/link.ts';
import type { Recipe } from '../formats/recipe.ts';
import { NEXT } from './pareto.ts';
import { recipeAt } from './point-recipe.ts';
import { selectStudy } from './selectors.ts';
import type { ParetoPoint } from './state.ts';
import { useStudio } from './studio.ts';
import { axesOf, planOf } from './study.ts';

/** Different candidates would move the predicted front a little at every fit. */
const CANDIDATE_SEED = 1;
/** A worker that breaks again and again is left alone. */
const MAX_RESTARTS = 3;

export function startExploring(): void {
  let search = openSearch();
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
    const tasks = recipe.experts;
    const goals = goalsOf(recipe, view);
    const key = `${study} ${view.pair.join()} ${goals.join()} ${points.map(samples).join()}`;
    if (key === asked || points.length === 0) return;
    asked = key;
    busy = true;
    try {
      const { pair } = view;
      const exploration = await search.explore({
        points,
        tasks,
        pair,
        goals,
        seed: CANDIDATE_SEED,
        ...(elsewhere && { scales: elsewhere.scales }),
      });
      useStudio.setState({ exploration: { ...exploration, study, points: points.length } });
    } catch {
      // Estimates are an extra: without them the page shows measured numbers only.
      useStudio.setState({ exploration: null });
      failures++;
      if (failures <= MAX_RESTARTS) {
        search.close();
        search = openSearch();
        asked = '';
      }
    } finally {
      busy = false;
    }
    await update();
  };
  /** What is chosen replaces no plan: it is asked for only while none is under way. */
  const choose = async () => {
    const state = useStudio.getState();
    const study = selectStudy(state);
    const { recipe, view, card } = state;
    if (!recipe || !view || !card) return;
    const points = state.points.filter((point) => point.study === study);
    try {
      const { seed } = recipe;
      const goals = goalsOf(recipe, view);
      const vectors = await search.next({ points, goals, axes: axesOf(recipe), count: NEXT, seed });
      if (useStudio.getState().search.phase !== 'choosing') return;
      const plan = planOf(
        vectors.map((c) => recipeAt(recipe, c)),
        card,
      );
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

const goalsOf = (recipe: Recipe, view: View): readonly string[] => (view.goals === 'all' ? recipe.experts : view.pair);

/** Changes when a point is measured on more samples. */
const samples = ({ mergeId, test }: ParetoPoint) => `${mergeId}:${Object.values(test)[0]?.n ?? 0}`;
