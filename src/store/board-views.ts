/** The leaderboard of the mix on the screen as rows, and what measuring and tuning it costs. Loaded with the leaderboard. */
import { type BoardEntry, type BoardOutcome, boardOutcome, withinNoise } from '../formats/board.ts';
import type { Card } from '../formats/card.ts';
import { isPack } from '../formats/pack.ts';
import { TUNE_BUDGET } from '../formats/tuning.ts';
import type { BoardMerge, BoardRun, Standings } from './board.ts';
import { boardScope, standingOf, untunable } from './board-next.ts';
import { selectBoard } from './board-run.ts';
import { catalogue } from './catalogue.ts';
import { memo } from './memo.ts';
import { selectMergeId } from './selectors.ts';
import type { StudioState } from './state.ts';
import { boardSamples } from './tiers.ts';

/** One merge of a row with what it did on the test split. */
export interface BoardCell extends BoardOutcome {
  readonly merge: BoardMerge;
  /** Against the best of its column, packs among packs and single networks among single networks. */
  readonly rank: 'best' | 'within noise' | 'below';
}

export interface BoardLine {
  readonly id: string;
  readonly name: string;
  readonly trained: boolean;
  /** It gives a network for each task, which is larger than one network and ranked among its like. */
  readonly pack: boolean;
  readonly first: BoardCell | null;
  readonly tuned: BoardCell | null;
  readonly failure: string | null;
  /** Merges that its tuning has measured, the default among them; 0 while it has not begun. */
  readonly trials: number;
  /** Merges that it may measure, the same for every method. */
  readonly budget: number;
  /** Why there is nothing to tune. */
  readonly untunable: string | undefined;
}

const NO_STANDINGS: Standings = {};

const selectStandings = (state: StudioState): Standings =>
  (state.recipe && state.boards[boardScope(state.recipe)]) ?? NO_STANDINGS;

const cellOf = (merge: BoardMerge | null | undefined, { recipe }: BoardEntry, card: Card) => {
  const outcome = merge && boardOutcome(merge.test, recipe.experts, card);
  return outcome ? { ...outcome, merge } : null;
};

type Unranked = Omit<BoardCell, 'rank'>;

function ranked(cells: readonly (Unranked | null)[], packs: readonly boolean[]): readonly (BoardCell | null)[] {
  const bestOf = (pack: boolean) =>
    cells.reduce<Unranked | null>(
      (high, cell, i) => (cell && packs[i] === pack && !(high && high.average >= cell.average) ? cell : high),
      null,
    );
  const [bestPack, bestSingle] = [bestOf(true), bestOf(false)];
  return cells.map((cell, i) => {
    const best = packs[i] ? bestPack : bestSingle;
    if (!cell || !best) return null;
    const level = cell.average === best.average ? 'best' : withinNoise(cell, best) ? 'within noise' : 'below';
    return { ...cell, rank: level };
  });
}

/** Every method that takes the experts of the mix, in the catalogue's order. */
export const selectLines = memo(
  (state: StudioState) => [selectBoard(state), selectStandings(state), state.card],
  ({ entries }, standings, card): readonly BoardLine[] => {
    if (!card) return [];
    const known = entries.map((entry) => standingOf(entry, standings, card));
    const packs = entries.map(({ recipe }) => isPack(recipe, catalogue));
    const column = (of: 'first' | 'tuned') =>
      ranked(
        entries.map((entry, i) => cellOf(known[i]?.[of], entry, card)),
        packs,
      );
    const [first, tuned] = [column('first'), column('tuned')];
    return entries.map((entry, i) => ({
      id: entry.id,
      name: entry.name,
      trained: entry.trained,
      pack: packs[i] ?? false,
      first: first[i] ?? null,
      tuned: tuned[i] ?? null,
      failure: known[i]?.failure ?? null,
      trials: known[i]?.scores.length ?? 0,
      budget: TUNE_BUDGET,
      untunable: untunable(entry),
    }));
  },
);

export interface BoardCost {
  /** Methods that are not measured, and those that are not tuned. */
  readonly measure: readonly string[];
  readonly tune: readonly string[];
  /** Merges that measuring and then tuning them takes. */
  readonly merges: { readonly measure: number; readonly tune: number };
  /** On this machine, without preparations; null before anything was timed. */
  readonly seconds: { readonly measure: number; readonly tune: number } | null;
  /** Merges for each method that is tuned. */
  readonly budget: number;
  /** Samples per task. */
  readonly n: { readonly calibration: number; readonly test: number };
}

/** What is left to do of these lines. */
export function boardCost(
  lines: readonly BoardLine[],
  { card, msPerSample, samples }: Pick<StudioState, 'card' | 'msPerSample' | 'samples'>,
  tasks: number,
): BoardCost | null {
  if (!card) return null;
  const measure = lines.filter(({ first }) => !first);
  const tune = lines.filter(({ tuned, untunable: reason }) => !tuned && reason === undefined);
  const n = { calibration: boardSamples('calibration', card, samples), test: boardSamples('test', card, samples) };
  const each = tasks * (msPerSample ?? 0);
  const trials = tune.reduce((sum, line) => sum + TUNE_BUDGET - Math.max(1, line.trials), 0);
  const defaults = measure.length * (n.calibration + n.test);
  return {
    measure: measure.map(({ id }) => id),
    tune: tune.map(({ id }) => id),
    merges: { measure: measure.length, tune: trials },
    seconds:
      msPerSample === null
        ? null
        : { measure: (defaults * each) / 1000, tune: ((trials * n.calibration + tune.length * n.test) * each) / 1000 },
    budget: TUNE_BUDGET,
    n,
  };
}

/** How the run stands that belongs to the mix on the screen; null while there is none. */
export const selectRun = memo(
  (state: StudioState) => [state.boardRun, state.recipe?.experts.join(), state.recipe?.seed],
  (run, experts, seed): BoardRun | null =>
    run && experts !== undefined && seed !== undefined && run.scope === `${experts} ${seed}` ? run : null,
);

/** Row and kind of the merge on the screen. */
export const selectCurrent = memo(
  (state: StudioState) => [selectLines(state), selectMergeId(state)],
  (lines, id): string | null =>
    lines.find(({ first, tuned }) => [first, tuned].some((cell) => cell?.merge.mergeId === id))?.id ?? null,
);
