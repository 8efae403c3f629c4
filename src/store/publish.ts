/** Writes what the live loop finds into the store, always with the merge that it belongs to. */
import type { Engine, MergeInfo } from '../client/engine.ts';
import type { Failure } from '../client/protocol.ts';
import type { Card, Scores } from '../formats/card.ts';
import type { Ledger } from './ledger.ts';
import { selectMergeId } from './selectors.ts';
import type { Measurement, ParetoPoint } from './state.ts';
import { useStudio } from './studio.ts';
import { coefficientValues, studyOf } from './study.ts';
import { calibrationSize, DESIGN_TEST_SAMPLES } from './tiers.ts';
import { shownTasks, type Work } from './work.ts';

/** Said when the user stopped a preparation. */
const STOPPED = 'Stopped before it was merged. Move a slider or choose another method to go on.';

interface Sources {
  readonly card: Card;
  readonly tiers: readonly number[];
  readonly ledger: Ledger;
  readonly infos: ReadonlyMap<string, MergeInfo>;
}

export interface Timing {
  /** From the start of the merge to the last sample. */
  readonly totalMs: number;
  /** Undefined when nothing was counted. */
  readonly msPerSample: number | undefined;
}

export interface Publisher {
  device(engine: Engine): void;
  measuring(): void;
  /** Shows what is known already of the recipe on the screen: going back to a merge needs no counting. */
  recall(): void;
  /** What is known after some work, which may have been cut short. */
  progress(work: Work, timing: Timing): void;
  failure(work: Work, failure: Failure): void;
}

export function publisher({ card, tiers, ledger, infos }: Sources): Publisher {
  const { setState: set, getState: get } = useStudio;
  const full = tiers.at(-1) ?? 0;
  /** The last merge that was measured in full while the controls were at rest. */
  let rested: Measurement | null = null;

  /** Weights and samples are here, or will not come: a bar of bytes would hide what is more important now. */
  const loaded = () => {
    if (get().zoo.phase === 'loading') set({ zoo: { phase: 'ready' } });
  };

  /** Scores of a merge on its first `to` test samples, or on more where more of a task have been counted. */
  const atLeast = (mergeId: string, tasks: readonly string[], to: number): Scores | undefined => {
    const scores = tasks.map((task) => {
      const end = tiers.findLast((each) => each >= to && ledger.score(mergeId, task, 'test', each)) ?? to;
      return [task, ledger.score(mergeId, task, 'test', end)] as const;
    });
    return scores.every(([, score]) => score) ? (Object.fromEntries(scores) as Scores) : undefined;
  };

  const showMeasurement = (work: Work, { totalMs }: Timing) => {
    const test = atLeast(work.mergeId, work.tasks, work.to);
    if (!test) return;
    const { measurement: shown, device } = get();
    const info = infos.get(work.mergeId) ?? null;
    // Fewer samples never replace more of the same merge, whoever measured them.
    const known = shown?.mergeId === work.mergeId && work.tasks.every((task) => (shown.test[task]?.n ?? 0) > work.to);
    if (!known) set({ measurement: { mergeId: work.mergeId, recipe: work.recipe, test, info, source: 'here' } });
    if (device && work.first) set({ device: { ...device, combineMs: info?.combineMs ?? null, measureMs: totalMs } });
    if (work.to === full) rest();
  };

  /** The full measurement of the recipe on the screen, with the controls at rest, is what the next one is compared with. */
  const rest = () => {
    const state = get();
    const { measurement } = state;
    if (!measurement || state.dragOrigin || measurement.mergeId !== selectMergeId(state)) return;
    set({ run: { phase: 'measured' }, ...(rested && rested.mergeId !== measurement.mergeId && { previous: rested }) });
    rested = measurement;
  };

  const showAverage = (work: Work) => {
    const scores = ledger.scores(work.mergeId, work.tasks, 'test', work.to);
    if (scores) set(({ averages }) => ({ averages: { ...averages, [work.recipe.experts.join()]: scores } }));
  };

  const addPoint = (work: Work) => {
    const tasks = work.recipe.experts;
    const calibration = ledger.scores(work.mergeId, tasks, 'calibration', Math.min(calibrationSize(card), work.to));
    const test = ledger.scores(work.mergeId, tasks, 'test', work.to);
    if (!calibration || !test) return;
    const point: ParetoPoint = {
      mergeId: work.mergeId,
      recipe: work.recipe,
      study: studyOf(work.recipe, card),
      coefficients: coefficientValues(work.recipe),
      calibration,
      test,
      source: work.purpose === 'design' ? 'design' : 'slider',
    };
    set(({ points }) => ({ points: [...points.filter((known) => known.mergeId !== point.mergeId), point] }));
    advance();
  };

  const advance = () => {
    const { plan, search } = get();
    if (!plan) return;
    const total = plan.ids.length;
    const to = Math.min(DESIGN_TEST_SAMPLES, full);
    const measured = (id: string) => ledger.scores(id, plan.tasks, 'calibration', Math.min(calibrationSize(card), to));
    const done = plan.ids.filter((id) => measured(id) && ledger.scores(id, plan.tasks, 'test', to)).length;
    if (done === total) return set({ plan: null, search: { phase: 'idle' } });
    // The merge that was under way when the user paused.
    if (search.phase === 'paused') return set({ search: { phase: 'paused', done, total } });
    const elapsed = (performance.now() - plan.startedAt) / 1000;
    const fresh = done - plan.doneBefore;
    const secondsLeft = fresh > 0 ? (elapsed / fresh) * (total - done) : null;
    set({ search: { phase: 'measuring', done, total, secondsLeft } });
  };

  const dropFromPlan = (id: string) => {
    set(({ plan }) => ({
      plan: plan && {
        ...plan,
        ids: plan.ids.filter((known) => known !== id),
        recipes: plan.recipes.filter((_, index) => plan.ids[index] !== id),
      },
    }));
    advance();
  };

  return {
    device({ backend, evaluators }) {
      if (get().device?.backend === backend) return;
      set({ device: { backend, evaluators, combineMs: null, measureMs: null } });
    },
    measuring: () => set({ run: { phase: 'measuring' } }),
    progress(work, timing) {
      loaded();
      // Other measurements have taken the screen meanwhile; the ledger remembers these.
      if (get().elsewhere) return;
      if (timing.msPerSample !== undefined) set({ msPerSample: timing.msPerSample });
      switch (work.purpose) {
        case 'live':
          return showMeasurement(work, timing);
        case 'average':
          return showAverage(work);
        case 'design':
        case 'point':
          return addPoint(work);
      }
    },
    failure({ purpose, mergeId }, failure) {
      loaded();
      if (get().elsewhere) return;
      switch (purpose) {
        case 'live':
          if (failure.code === 'recipe') return set({ run: { phase: 'refused', reason: failure.message } });
          if (failure.code === 'stopped') return set({ run: { phase: 'refused', reason: STOPPED } });
          return set({ run: { phase: 'failed', failure } });
        case 'design':
          // Such as the base in a design over normalised weights, whose sum would be 0: a search does without it.
          if (failure.code === 'recipe') return dropFromPlan(mergeId);
          return set({ plan: null, search: { phase: 'failed', failure } });
        case 'average':
        case 'point':
          // The merge on the screen is measured; a missing ghost mark or point is not worth an alarm.
          return;
      }
    },
    recall() {
      const state = get();
      const { recipe, measurement } = state;
      const mergeId = selectMergeId(state);
      if (!recipe || mergeId === null || state.elsewhere) return;
      const tasks = shownTasks({ state, card }, recipe);
      const to = tiers.findLast((end) => ledger.scores(mergeId, tasks, 'test', end));
      const test = to === undefined ? undefined : atLeast(mergeId, tasks, to);
      if (to === undefined || !test) return;
      const own = measurement?.mergeId === mergeId ? measurement : null;
      if (!own || tasks.some((task) => (own.test[task]?.n ?? 0) < to))
        set({ measurement: { mergeId, recipe, test, info: infos.get(mergeId) ?? null, source: 'here' } });
      else if (own.recipe !== recipe) set({ measurement: { ...own, recipe } });
      if (to === full && (state.run.phase !== 'measured' || rested?.mergeId !== mergeId)) rest();
    },
  };
}
