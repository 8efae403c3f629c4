/**
 * The loop that keeps the numbers true: it always does the most urgent work that is left (work.ts) — the recipe on the
 * screen first — and stops between batches as soon as something more urgent appears.
 */

import { type Engine, type EngineOptions, type MergeInfo, openEngine } from '../client/engine.ts';
import type { Failure } from '../client/protocol.ts';
import { failureOf, WorkerFailure } from '../client/worker-client.ts';
import { isPack } from '../formats/pack.ts';
import { preparationKey } from '../formats/preparation.ts';
import { checkRecipe } from '../formats/recipe-check.ts';
import { boardMerges } from './board.ts';
import { catalogue } from './catalogue.ts';
import { createLedger, recallPoints } from './ledger.ts';
import { publisher } from './publish.ts';
import { selectMergeId } from './selectors.ts';
import { useStudio } from './studio.ts';
import { type Circumstances, chooseWork, type Work } from './work.ts';

/** A long preparation is shown after this; shorter ones would only flicker. */
const SHOW_PREPARING_AFTER_MS = 150;

/** About two frames. */
const PAINT_MS = 32;

/** A drag of this age needs a page that follows it; a shorter one is a key or a click. */
const STEADY_MS = 150;

/** Merges whose timings and readouts are remembered, for going back to them. */
const MAX_INFOS = 500;

/** The oldest entry is forgotten for one too many. */
function remember<T>(entries: Map<string, T>, key: string, value: T): void {
  entries.set(key, value);
  const [oldest] = entries.keys();
  if (entries.size > MAX_INFOS && oldest !== undefined) entries.delete(oldest);
}

export interface LiveOptions extends EngineOptions {
  /** Ends of the nested test subsets that are measured one after the other. */
  readonly tiers: readonly number[];
}

export function startLive(options: LiveOptions): void {
  const { card, tiers } = options;
  const ledger = createLedger();
  const { points, comparisons, boards } = useStudio.getState();
  // The size of a pack is known only from merging it: one that was settled on is merged and measured anew.
  const told = points.filter(({ source, recipe }) => source !== 'slider' || !isPack(recipe, catalogue));
  recallPoints(ledger, [...told, ...comparisons.flatMap((comparison) => comparison.points)]);
  recallPoints(
    ledger,
    boardMerges(boards).map(({ mergeId, test }) => ({ mergeId, test, calibration: {}, source: 'design' })),
  );
  const infos = new Map<string, MergeInfo>();
  /** Milliseconds by preparation: made anew from what was kept, one takes next to nothing, which is not what it costs. */
  const prepared = new Map<string, number>();
  /** Merges that failed or were refused: not tried again until the user asks. */
  const given = new Set<string>();
  const publish = publisher({ card, tiers, ledger, infos });
  let engine: Engine | undefined;
  /** The merge whose weights the evaluators hold. */
  let loaded: string | undefined;
  let merging: Work | undefined;
  /** Set when a preparation is stopped because another recipe is on the screen, not because the user said stop. */
  let superseded = false;
  /** How often the workers were rebuilt since something was last measured. */
  let rebuilt = 0;
  let working = false;
  /** The first numbers of a merge are on their way to the screen: they are waited for more than those that follow. */
  let painting = false;
  /** When the drag began that is going on. */
  let dragBegan = Number.POSITIVE_INFINITY;

  const circumstances = (): Circumstances => ({ state: useStudio.getState(), card, tiers, ledger, given });

  /** Merges from elsewhere cannot be measured here. */
  const choose = () => (useStudio.getState().elsewhere ? undefined : chooseWork(circumstances()));

  const stillWanted = (work: Work): boolean => {
    if (work.first) return true;
    const urgent = choose();
    return urgent?.mergeId === work.mergeId && urgent.purpose === work.purpose;
  };

  const merge = async (current: Engine, work: Work) => {
    const started = performance.now();
    merging = work;
    superseded = false;
    // Until it is done nobody knows whose weights the evaluators hold.
    loaded = undefined;
    try {
      const info = await current.merge(work.recipe, (done, total, doing) => {
        if (merging !== work || performance.now() - started <= SHOW_PREPARING_AFTER_MS) return;
        if (work.purpose === 'live')
          useStudio.setState({ zoo: { phase: 'ready' }, run: { phase: 'preparing', done, total, doing } });
        if (work.purpose === 'design' || work.purpose === 'board')
          useStudio.setState({ training: { done, total, doing } });
      });
      const key = preparationKey(work.recipe, catalogue);
      const prepareMs = Math.max(info.prepareMs, prepared.get(key) ?? 0);
      remember(prepared, key, prepareMs);
      remember(infos, work.mergeId, { ...info, prepareMs });
      loaded = work.mergeId;
    } finally {
      merging = undefined;
      if (useStudio.getState().training) useStudio.setState({ training: null });
    }
    if (work.purpose === 'live') publish.measuring();
  };

  /** @returns what is to be told of it once the next work is under way */
  const perform = async (work: Work): Promise<() => void> => {
    const refusal = checkRecipe(work.recipe, catalogue, card);
    if (refusal !== undefined) throw new WorkerFailure({ code: 'recipe', message: refusal, todo: '' });
    engine ??= await openEngine(options);
    publish.device(engine);
    if (work.purpose === 'live') publish.measuring();
    const started = performance.now();
    let counting = started;
    let samples = 0;
    // Asked for together: the evaluators begin when the weights reach them, whatever the page is doing then.
    const merging = loaded === work.mergeId ? undefined : merge(engine, work);
    const counted = engine.count(work.slices, {
      wanted: () => stillWanted(work),
      makeRoom: () => painting || performance.now() - dragBegan > STEADY_MS,
      onScore: (slice, score) => {
        samples += score.n;
        ledger.add(work.mergeId, slice, score);
      },
    });
    // Both come to rest; a failed merge is told before the counting that waited for it.
    const settled = Promise.allSettled([counted]);
    try {
      await merging;
      if (merging) counting = performance.now();
    } finally {
      await settled;
    }
    await counted;
    rebuilt = 0;
    const now = performance.now();
    const timing = { totalMs: now - started, msPerSample: samples ? (now - counting) / samples : undefined };
    painting = work.first;
    return () => {
      publish.progress(work, timing);
      setTimeout(() => {
        painting = false;
      }, PAINT_MS);
    };
  };

  const closeEngine = () => {
    engine?.close();
    engine = undefined;
    loaded = undefined;
  };

  /** What failed is known before the next work is chosen. */
  const failed = (work: Work, failure: Failure): (() => void) => {
    if (failure.code === 'stopped' && superseded) {
      superseded = false;
      return () => {};
    }
    if (failure.code === 'crashed' || failure.code === 'device' || failure.code === 'memory') {
      closeEngine();
      // Once by itself: what broke by accident works again; what breaks again is told.
      rebuilt++;
      if (rebuilt === 1) return () => {};
    }
    if (work.purpose !== 'board') given.add(work.mergeId);
    return () => publish.failure(work, failure);
  };

  /**
   * A preparation that the recipe on the screen cannot use is stopped: of anything when that recipe changed, of the leaderboard as
   * soon as anything else is wanted.
   */
  const stopUseless = (changed: boolean) => {
    const { recipe } = useStudio.getState();
    if (!merging || !recipe || !(changed || (merging.purpose === 'board' && !superseded && !stillWanted(merging))))
      return;
    if (preparationKey(merging.recipe, catalogue) === preparationKey(recipe, catalogue)) return;
    superseded = true;
    engine?.stop();
  };

  /**
   * Runs until nothing is left. The messages that start a work leave before anything is drawn: those of a changed recipe inside
   * the event that changed it, those of the next work before the page shows what the last one found.
   */
  const run = async () => {
    // Files of the visitor's want the memory: nothing is opened for the zoo behind them.
    if (working || (useStudio.getState().files && !engine)) return;
    working = true;
    try {
      let tell = () => {};
      for (;;) {
        const work = choose();
        const doing = work && perform(work).catch((error: unknown) => failed(work, failureOf(error)));
        tell();
        publish.recall();
        tell = doing ? await doing : () => {};
        if (!doing && !goesOn()) break;
      }
    } finally {
      working = false;
    }
    if (useStudio.getState().files) closeEngine();
  };

  /** Nothing is left to do. A plan that was measured before it began has come to its end, or to what it decides next. */
  const goesOn = (): boolean => {
    // What was told last may have decided what the leaderboard wants next.
    if (publish.settleBoard() || choose()) return true;
    const { search, recipe } = useStudio.getState();
    if (search.phase !== 'measuring' || !recipe) return false;
    publish.advance();
    if (chooseWork(circumstances())) return true;
    publish.conclude();
    return false;
  };

  /** A preparation that nobody waits for any more is stopped. */
  const stopUnwanted = () => {
    superseded = true;
    engine?.stop();
  };

  useStudio.subscribe((state, before) => {
    if (state.search !== before.search && ['paused', 'stopped'].includes(state.search.phase) && state.training)
      stopUnwanted();
    // The preparation of what was looked at is kept for whoever chooses it.
    if (state.preview !== before.preview && merging?.purpose === 'preview' && merging.mergeId !== selectMergeId(state))
      stopUnwanted();
    if (state.recoveries !== before.recoveries) {
      given.clear();
      rebuilt = 0;
    }
    if (state.stops !== before.stops && merging) engine?.stop();
    if (state.dragOrigin !== before.dragOrigin)
      dragBegan = state.dragOrigin ? performance.now() : Number.POSITIVE_INFINITY;
    stopUseless(state.recipe !== before.recipe);
    void run();
  });
  void run();
}
