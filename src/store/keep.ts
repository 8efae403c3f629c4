/**
 * Keeps what this machine has measured across reloads, in the browser's own database: the points, and a plan that is not finished.
 * It belongs to the weights that it was measured on; with other files of the same family it is not used.
 */
import { get, set } from 'idb-keyval';
import type { Card } from '../formats/card.ts';
import type { ParetoPoint, Plan, StudioState } from './state.ts';
import { useStudio } from './studio.ts';

const WAIT_MS = 500;
/** The oldest go first: the database of a page should stay some hundred kilobytes small. */
const MAX_POINTS = 1000;

interface Kept {
  readonly points: readonly ParetoPoint[];
  readonly plan: Plan | null;
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
  const { points, plan } = kept;
  useStudio.setState((state) => {
    const { elsewhere } = state;
    const own = (elsewhere?.aside ?? state).points;
    const known = new Set(own.map(({ mergeId }) => mergeId));
    const back = {
      points: [...own, ...points.filter(({ mergeId }) => !known.has(mergeId))],
      ...(plan && waiting(plan, points)),
    };
    return elsewhere ? { elsewhere: { ...elsewhere, aside: { ...elsewhere.aside, ...back } } } : back;
  });
}

function waiting(plan: Plan, points: readonly ParetoPoint[]): Pick<StudioState, 'plan' | 'search'> {
  const done = plan.ids.filter((id) => points.some(({ mergeId }) => mergeId === id)).length;
  return { plan, search: { phase: 'paused', done, total: plan.ids.length } };
}

export function startKeeping(card: Card, samples: number): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => {
    timer = undefined;
    const { points, plan, elsewhere } = useStudio.getState();
    if (elsewhere) return;
    const own = points.filter(({ source }) => source !== 'zoo').slice(-MAX_POINTS);
    set(keyOf(card, samples), { points: own, plan } satisfies Kept).catch(() => {});
  };
  useStudio.subscribe((state, before) => {
    if (timer === undefined && (state.points !== before.points || state.plan !== before.plan))
      timer = setTimeout(keep, WAIT_MS);
  });
}
