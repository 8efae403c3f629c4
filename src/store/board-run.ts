/** Steers the leaderboard: takes what was measured, says what is wanted next, and starts, stops and goes on. Loaded when asked for. */
import catalogue from 'virtual:catalogue';
import { type Board, boardOf } from '../formats/board.ts';
import type { BoardRun, BoardSlice } from './board.ts';
import { boardScope, nextMerge, withFound } from './board-next.ts';
import { memo } from './memo.ts';
import type { StudioState } from './state.ts';
import { useStudio } from './studio.ts';

const NOTHING: Board = { entries: [], leftOut: [] };

/** Every method of the mix on the screen, trained ones too; the same while only the method or its controls change. */
const selectEverything = memo(
  ({ recipe, card }: StudioState) => [recipe?.family, recipe?.experts.join(), recipe?.seed, card],
  (family, experts, seed, card): Board =>
    family !== undefined && experts && seed !== undefined && card
      ? boardOf({ family, experts: experts.split(','), seed, chain: [] }, catalogue, card, { trained: true })
      : NOTHING,
);

/** The methods of the board, and those that do not take this number of experts. */
export const selectBoard = (state: StudioState): Board => selectEverything(state);

const scopeOf = ({ recipe }: Pick<StudioState, 'recipe'>) => (recipe ? boardScope(recipe) : '');

let steering = false;

/** Follows the state from the first time that it is called. */
export function steerBoard(): void {
  if (steering) return;
  steering = true;
  useStudio.subscribe((state, before) => {
    if (state.boardFound !== before.boardFound && state.boardFound) return record(state);
    const same = (['boardRun', 'boards', 'recipe', 'card'] as const).every((key) => state[key] === before[key]);
    if (!same) want(state);
  });
  want(useStudio.getState());
}

function record({ boardFound: found, boards }: StudioState): void {
  if (!found) return;
  const scope = boardScope(found.next.recipe);
  const { [scope]: standings = {}, ...others } = boards;
  // The newest last: the oldest are forgotten first.
  useStudio.setState({ boardFound: null, boards: { ...others, [scope]: withFound(standings, found) } });
}

function want(state: StudioState): void {
  const { boardRun: run, boardNext, boards, card } = state;
  const active = run && !run.paused && run.scope === scopeOf(state) ? run : undefined;
  const next =
    active && card ? nextMerge(active, selectBoard(state).entries, boards[active.scope] ?? {}, card) : undefined;
  const known =
    boardNext?.mergeId === next?.mergeId && boardNext?.kind === next?.kind && boardNext?.entry === next?.entry;
  if (!known) useStudio.setState({ boardNext: next ?? null });
  if (active && !next) useStudio.setState({ boardRun: null });
}

/** Measures these methods with their defaults and tunes those; what failed is tried again. */
export function runBoard(wanted: Pick<BoardRun, 'measure' | 'tune'>): void {
  steerBoard();
  useStudio.setState((state): Partial<BoardSlice> => {
    const scope = scopeOf(state);
    const standings = state.boards[scope] ?? {};
    const kept = Object.entries(standings).filter(([, { failure }]) => failure === null);
    return {
      boards: { ...state.boards, [scope]: Object.fromEntries(kept) },
      boardRun: { ...wanted, scope, paused: false },
    };
  });
}

export function pauseBoard(paused: boolean): void {
  steerBoard();
  useStudio.setState(({ boardRun }) => ({ boardRun: boardRun && { ...boardRun, paused } }));
}

/** Gives the rest up; what was measured stays. */
export const stopBoard = (): void => useStudio.setState({ boardRun: null, boardNext: null });
