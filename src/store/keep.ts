/**
 * Keeps what this machine has measured across reloads, in the browser's own database: the points, and a plan that is not finished.
 * It belongs to the weights that it was measured on; with other files of the same family it is not used.
 */
import { get, set } from 'idb-keyval';
import type { Card } from '../formats/card.ts';
import { type BoardSlice, keptBoard } from './board.ts';
import { type KeptNested, keptNested, nestedChanged } from './nested.ts';
import { knownPins } from './pins.ts';
import { selectSpace } from './space.ts';
import type { ParetoPoint, Plan, StudioState } from './state.ts';
import { useStudio } from './studio.ts';
import { pointsIn } from './vary.ts';

const WAIT_MS = 500;
/** The oldest go first: the database of a page should stay some hundred kilobytes small. */
const MAX_POINTS = 1000;
const MAX_COMPARISONS = 24;

interface Kept {
  readonly points: readonly ParetoPoint[];
  readonly plan: Plan | null;
  /** Missing in what an older version of the page kept. */
  readonly comparisons?: StudioState['comparisons'];
  readonly predictions?: StudioState['predictions'];
  readonly nested?: KeptNested;
  readonly board?: Pick<BoardSlice, 'boards' | 'boardRun'>;
  readonly pins?: StudioState['pins'];
}

/** Changes with any weight of the family, and with the number of samples: points on fewer would not mix with the others. */
const keyOf = ({ family, base, experts }: Card, samples: number): string =>
  `${family} ${samples} ${[base, ...experts].map(({ sha256 }) => sha256.slice(0, 12)).join(' ')}`;

/**
 * Puts back what was kept. A private window may have no database: then nothing is kept, and nothing else is lost.
 * @param samples test samples per task behind a full measurement
 */
export async function recallKept(card: Card, samples: number): Promise<void> {
  const kept = await get<Kept>(keyOf(card, samples)).catch(() => undefined);
  if (!kept) return;
  const { points, plan, nested, board, pins, comparisons = [], predictions = {} } = kept;
  if (nested) useStudio.setState({ ...nested, ...(!plan && { nestedRun: null }) });
  useStudio.setState({ ...board, ...(pins && { pins: knownPins(pins) }) });
  useStudio.setState((state) => {
    const { elsewhere } = state;
    const zoo = elsewhere?.aside ?? state;
    const known = new Set(zoo.points.map(({ mergeId }) => mergeId));
    const kept = pointsIn(points, card, selectSpace(zoo));
    const measured = new Set([...points, ...comparisons.flatMap((each) => each.points)].map(({ mergeId }) => mergeId));
    const back = {
      points: [...zoo.points, ...kept.filter(({ mergeId }) => !known.has(mergeId))],
      ...(plan && waiting(plan, measured)),
    };
    const shared = { comparisons, predictions };
    return elsewhere
      ? { ...shared, elsewhere: { ...elsewhere, aside: { ...elsewhere.aside, ...back } } }
      : { ...shared, ...back };
  });
}

function waiting(plan: Plan, measured: ReadonlySet<string>): Pick<StudioState, 'plan' | 'search'> {
  const done = plan.ids.filter((id) => measured.has(id)).length;
  const total = Math.max(plan.expected ?? 0, plan.ids.length);
  return { plan, search: { phase: 'paused', done, total } };
}

export function startKeeping(card: Card, samples: number): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => {
    timer = undefined;
    const state = useStudio.getState();
    if (state.elsewhere) return;
    const { points, plan, comparisons, predictions } = state;
    const own = points.filter(({ source }) => source !== 'zoo').slice(-MAX_POINTS);
    const told = Object.entries(predictions).slice(-MAX_POINTS);
    const kept = {
      points: own,
      plan,
      comparisons: comparisons.slice(-MAX_COMPARISONS),
      predictions: Object.fromEntries(told),
      nested: keptNested(state),
      board: keptBoard(state),
      pins: state.pins,
    } satisfies Kept;
    set(keyOf(card, samples), kept).catch(() => {});
  };
  useStudio.subscribe((state, before) => {
    const own = ['points', 'plan', 'comparisons', 'predictions', 'boards', 'boardRun', 'pins'] as const;
    const changed = own.some((key) => state[key] !== before[key]) || nestedChanged(state, before);
    if (timer === undefined && changed) timer = setTimeout(keep, WAIT_MS);
  });
}
