/** Writes what the live loop finds into the store, always with the merge that it belongs to. */
import type { Engine, MergeInfo } from '../client/engine.ts';
import type { Failure } from '../client/protocol.ts';
import type { Card, Scores } from '../formats/card.ts';
import { grown, withComparison } from './comparison-plan.ts';
import type { Ledger } from './ledger.ts';
import { outcomesOf } from './objectives.ts';
import { selectMergeId } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { Measurement, ParetoPoint, Plan } from './state.ts';
import { useStudio } from './studio.ts';
import { coefficientValues, studyOf, tasksOf } from './study.ts';
import { boardSamples, calibrationSize, DESIGN_TEST_SAMPLES, previewSize } from './tiers.ts';
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
  /** How far the plan is, which may go on with merges that the measured ones decide. */
  advance(): void;
  /** Hands over what the leaderboard waits for. @returns whether all of it was known */
  settleBoard(): boolean;
  /** Ends a plan of which nothing is left that could be measured. */
  conclude(): void;
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
    if (work.compared) return advance();
    const { mergeId, recipe, tasks, to } = work;
    const choosing = Math.min(calibrationSize(card), to);
    if (!ledger.scores(mergeId, tasks, 'calibration', choosing) || !ledger.scores(mergeId, tasks, 'test', to)) return;
    // With the scores of tasks that another plan wanted of the same merge.
    const known = recipe.experts.filter(
      (task) => ledger.score(mergeId, task, 'calibration', choosing) && ledger.score(mergeId, task, 'test', to),
    );
    const space = selectSpace(get());
    const info = infos.get(mergeId);
    const point: ParetoPoint = {
      mergeId,
      recipe,
      study: studyOf(recipe, card, space),
      coefficients: coefficientValues(recipe, space),
      calibration: outcomesOf(ledger.scores(mergeId, known, 'calibration', choosing) ?? {}, info),
      test: outcomesOf(ledger.scores(mergeId, known, 'test', to) ?? {}, info),
      source: work.purpose === 'design' ? 'design' : 'slider',
    };
    set(({ points }) => ({ points: [...points.filter((known) => known.mergeId !== point.mergeId), point] }));
    advance();
  };

  /** The merges of a plan that are measured. */
  const measuredOf = (plan: Plan): readonly ParetoPoint[] => {
    const { recipes, ids } = plan;
    const [first] = recipes;
    if (!first) return [];
    const space = selectSpace(get());
    const study = studyOf(first, card, space);
    const to = Math.min(DESIGN_TEST_SAMPLES, full);
    const choosing = Math.min(calibrationSize(card), to);
    return recipes.flatMap((recipe, i): ParetoPoint[] => {
      const id = ids[i] ?? '';
      const tasks = tasksOf(plan, i);
      const calibration = ledger.scores(id, tasks, 'calibration', choosing);
      const test = atLeast(id, tasks, to);
      if (!calibration || !test) return [];
      const coefficients = coefficientValues(recipe, space);
      const info = infos.get(id);
      const outcomes = { calibration: outcomesOf(calibration, info), test: outcomesOf(test, info) };
      return [{ mergeId: id, recipe, study, coefficients, ...outcomes, source: 'design' }];
    });
  };

  const advance = () => {
    const { plan: before, search, comparisons } = get();
    if (!before) return;
    let plan = before;
    let points = measuredOf(plan);
    // What a merge decides may be known already, and decide the next.
    for (let next = grown(plan, points, card); next !== plan; next = grown(plan, points, card)) {
      plan = next;
      points = measuredOf(plan);
    }
    if (plan.comparison) set({ plan, comparisons: withComparison(comparisons, { ...plan.comparison, points }) });
    const done = points.length;
    if (done === plan.ids.length) return set({ plan: null, search: { phase: 'idle' } });
    const total = Math.max(plan.expected ?? 0, plan.ids.length);
    // The merge that was under way when the user paused.
    if (search.phase === 'paused') return set({ search: { phase: 'paused', done, total } });
    const elapsed = (performance.now() - plan.startedAt) / 1000;
    const fresh = done - plan.doneBefore;
    const secondsLeft = fresh > 0 ? (elapsed / fresh) * (total - done) : null;
    set({ search: { phase: 'measuring', done, total, secondsLeft } });
  };

  const settleBoard = (): boolean => {
    const { boardNext: next } = get();
    if (!next) return false;
    const scores = (split: 'calibration' | 'test') =>
      next.splits.includes(split)
        ? ledger.scores(next.mergeId, next.recipe.experts, split, boardSamples(split, card, full))
        : {};
    const [calibration, test] = [scores('calibration'), scores('test')];
    if (!calibration || !test) return false;
    const info = infos.get(next.mergeId) ?? null;
    set({ boardNext: null, boardFound: { next, calibration, test, info } });
    return true;
  };

  const recallPreview = () => {
    const { preview, previews } = get();
    if (!preview || previews[preview.mergeId]) return;
    const { mergeId, recipe } = preview;
    const test = ledger.scores(mergeId, recipe.experts, 'test', previewSize(tiers));
    if (test) set({ previews: { ...previews, [mergeId]: test } });
  };

  const dropFromPlan = (id: string) => {
    set(({ plan }) => ({
      plan: plan && {
        ...plan,
        ids: plan.ids.filter((known) => known !== id),
        ...(plan.expected !== undefined && { expected: plan.expected - 1 }),
        recipes: plan.recipes.filter((_, index) => plan.ids[index] !== id),
        ...(plan.fewer && { fewer: plan.fewer.filter((_, index) => plan.ids[index] !== id) }),
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
    advance,
    settleBoard,
    conclude() {
      if (get().plan) set({ plan: null, search: { phase: 'idle' } });
    },
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
        case 'preview':
          // `recall` shows it, whoever measured it.
          return;
        case 'design':
        case 'point':
          return addPoint(work);
        case 'board':
          settleBoard();
          return;
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
        case 'board': {
          const { boardNext: next } = get();
          const said = failure.todo ? `${failure.message} ${failure.todo}` : failure.message;
          if (next?.mergeId === mergeId) set({ boardNext: null, boardFound: { next, failure: said } });
          return;
        }
        case 'preview':
          return set(({ previews }) => ({ previews: { ...previews, [mergeId]: null } }));
        case 'average':
        case 'point':
          // The merge on the screen is measured; a missing ghost mark or point is not worth an alarm.
          return;
      }
    },
    recall() {
      recallPreview();
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
