/** Puts measurements from elsewhere on the screen, keeps them in this browser, and gives the screen back to the zoo. */
import { get, set } from 'idb-keyval';
import { COEFFICIENTS_ONLY } from '../../formats/coefficients.ts';
import { USUAL_MAP } from '../../formats/map-settings.ts';
import type { View } from '../../formats/view.ts';
import { recipeAt } from '../point-recipe.ts';
import type { StudioState } from '../state.ts';
import { useStudio } from '../studio.ts';
import { coefficientValues } from '../study.ts';
import { type Family, type FamilyRequest, familyOf } from './family.ts';
import type { Aside } from './state.ts';

const KEY = 'elsewhere';
const WAIT_MS = 300;

/** A table with what was done to it on the screen. */
interface Kept extends FamilyRequest {
  readonly values: readonly number[];
  readonly floors: StudioState['floors'];
  readonly view: View;
}

/** The same for a tab whose browser keeps nothing. */
let last: Kept | undefined;
let watched = false;

/** @returns why the table cannot be shown, or undefined when it is on the screen */
export function showElsewhere(request: FamilyRequest | Kept): string | undefined {
  const family = familyOf(request);
  if ('refusal' in family) return family.refusal;
  const state = useStudio.getState();
  useStudio.setState({ ...ontoScreen(family, state.elsewhere?.aside ?? asideOf(state)), ...kept(request, family) });
  keep();
  if (!watched) startKeeping();
  watched = true;
  return undefined;
}

function ontoScreen({ card, recipe, points, ...family }: Family, aside: Aside): Partial<StudioState> {
  return {
    elsewhere: { ...family, aside },
    card,
    recipe,
    points,
    view: openingView(recipe.experts),
    past: [],
    future: [],
    dragOrigin: null,
    refusedLink: null,
    linkNotes: [],
    brushes: {},
    floors: {},
    plan: null,
    search: { phase: 'idle' },
    measurement: null,
    previous: null,
    run: { phase: 'idle' },
  };
}

function openingView([x = '', y = '', ...more]: readonly string[]): View {
  const goals = more.length > 0 ? 'all' : 'pair';
  return { pair: [x, y], goals, objectives: [], map: USUAL_MAP, vary: [], level: 'see', allTasks: false, doc: null };
}

/** What was on the screen before a reload. */
function kept(request: FamilyRequest | Kept, { recipe }: Family): Partial<StudioState> {
  if (!('values' in request)) return {};
  const { values, floors, view } = request;
  return { recipe: recipeAt(recipe, values, COEFFICIENTS_ONLY), floors, view };
}

function asideOf(state: StudioState): Aside {
  const { card, recipe, view, past, future, points, plan, search, brushes, floors, linkNotes } = state;
  const waiting: Aside['search'] =
    search.phase === 'measuring' ? { phase: 'paused', done: search.done, total: search.total } : search;
  return {
    card,
    recipe,
    view,
    past,
    future,
    points,
    plan,
    search: search.phase === 'choosing' ? { phase: 'idle' } : waiting,
    brushes,
    floors,
    linkNotes,
  };
}

/** Gives the screen back to what was on it before. */
export function leaveElsewhere(): void {
  const { elsewhere } = useStudio.getState();
  if (!elsewhere) return;
  keep();
  useStudio.setState({ ...elsewhere.aside, elsewhere: null, dragOrigin: null, run: { phase: 'idle' } });
  // The page was opened with the measurements: nothing was on the screen before.
  if (!elsewhere.aside.recipe) location.hash = '#v=1';
}

/** Says whether less of a task is better. Fronts, floors and estimates follow. */
export function setSmaller(task: string, smaller: boolean): void {
  const state = useStudio.getState();
  const { elsewhere, recipe, view } = state;
  if (!elsewhere || !recipe || !view) return;
  const others = elsewhere.smaller.filter((other) => other !== task);
  // A floor on what was the better side means something else now.
  const { [task]: _, ...floors } = state.floors;
  const { name, table, unbounded, remarks } = elsewhere;
  const values = coefficientValues(recipe, COEFFICIENTS_ONLY);
  const directions = smaller ? [...others, task] : others;
  showElsewhere({ name, table, unbounded, remarks, smaller: directions, values, floors, view });
}

// ---------------------------------------------------------------- keeping

function keptNow(): Kept | undefined {
  const { elsewhere, recipe, floors, view } = useStudio.getState();
  if (!elsewhere || !recipe || !view) return undefined;
  const { name, table, smaller, unbounded, remarks } = elsewhere;
  return {
    name,
    table,
    smaller,
    unbounded,
    remarks,
    values: coefficientValues(recipe, COEFFICIENTS_ONLY),
    floors,
    view,
  };
}

function keep(): void {
  const now = keptNow();
  if (!now) return;
  last = now;
  // A private window may have no database: then nothing is kept, and nothing else is lost.
  void attempt(() => set(KEY, now));
}

/** Keeps what is done on the screen, some time after it was done. */
function startKeeping(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changed = (state: StudioState, before: StudioState) =>
    state.recipe !== before.recipe || state.floors !== before.floors || state.view !== before.view;
  useStudio.subscribe((state, before) => {
    if (!state.elsewhere || !changed(state, before)) return;
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT_MS);
  });
}

/** Puts back what was kept. @returns whether there was anything */
export async function recallElsewhere(): Promise<boolean> {
  const found = (await attempt(() => get<Kept>(KEY))) ?? last;
  try {
    return found !== undefined && showElsewhere(found) === undefined;
  } catch {
    // Kept by a studio that wrote it in another way.
    return false;
  }
}

/** Where there is no database, asking for it throws at once. */
async function attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
