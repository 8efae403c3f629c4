/** Keeps surrogates and predicted front up to date with the points, the study and the pair on the screen. */
import { openSearch } from '../client/search.ts';
import { selectStudy } from './selectors.ts';
import type { ParetoPoint } from './state.ts';
import { useStudio } from './studio.ts';

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
    const { recipe, view } = state;
    if (study === null || !recipe || !view) return;
    const points = state.points.filter((point) => point.study === study);
    const tasks = recipe.experts;
    const goals = view.goals === 'all' ? tasks : view.pair;
    const key = `${study} ${view.pair.join()} ${goals.join()} ${points.map(samples).join()}`;
    if (key === asked || points.length === 0) return;
    asked = key;
    busy = true;
    try {
      const { pair } = view;
      const exploration = await search.explore({ points, tasks, pair, goals, seed: CANDIDATE_SEED });
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
  useStudio.subscribe(() => void update());
  void update();
}

/** Changes when a point is measured on more samples. */
const samples = ({ mergeId, test }: ParetoPoint) => `${mergeId}:${Object.values(test)[0]?.n ?? 0}`;
