/** Keeps the table and the plan up to date: headers say at once whether models fit, and what their merge would take. */
import { failureOf } from '../../client/worker-client.ts';
import { absentFrom, askedOf } from './asked.ts';
import { filesEngine } from './engine.ts';
import type { FilesState } from './state.ts';
import { useFiles } from './store.ts';

/** A slider that is being dragged asks for no table. */
const WAIT_MS = 80;

let started = false;

/** Models whose prints were read since are the same. */
const sameOutlines = (a: FilesState['models'], b: FilesState['models']) =>
  a === b || (a.length === b.length && a.every(({ outline }, i) => outline === b[i]?.outline));

/** Whether another table is due, or only another plan. */
const sameModels = (a: FilesState, b: FilesState) =>
  sameOutlines(a.models, b.models) &&
  a.roles === b.roles &&
  a.choices === b.choices &&
  a.recipe.experts === b.recipe.experts;
const samePlan = (a: FilesState, b: FilesState) =>
  sameModels(a, b) &&
  a.recipe === b.recipe &&
  a.dtype === b.dtype &&
  a.network === b.network &&
  a.configuration === b.configuration;

export function startChecking(): void {
  if (started) return;
  started = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  useFiles.subscribe((state, before) => {
    if (samePlan(state, before)) return;
    if (!sameModels(state, before)) useFiles.setState({ kin: { phase: 'none' } });
    clearTimeout(timer);
    // New models are compared while the page draws their list.
    if (sameOutlines(state.models, before.models)) timer = setTimeout(() => void checkNow(), WAIT_MS);
    else void checkNow();
  });
}

let newest = 0;

async function checkNow(): Promise<void> {
  const state = useFiles.getState();
  newest++;
  const number = newest;
  const asked = askedOf(state);
  if (absentFrom(state).length > 0 || (asked.experts.length === 0 && asked.base === null))
    return useFiles.setState({ check: { phase: 'none' }, planned: { phase: 'none' } });
  try {
    const engine = filesEngine();
    const [checking, planning] = [engine.check(asked), engine.plan(asked)];
    // One that is not waited for because the other failed, or is late, is nobody's.
    planning.catch(() => {});
    const checked = await checking;
    if (number === newest) useFiles.setState({ check: { phase: 'checked', checked } });
    const plan = await planning;
    if (number === newest) useFiles.setState({ planned: { phase: 'planned', plan } });
  } catch (error) {
    if (number !== newest) return;
    const failure = failureOf(error);
    useFiles.setState({ check: { phase: 'failed', failure }, planned: { phase: 'none' } });
  }
}

/** Reads weights of the base and the experts: a sample of them, or all. */
export async function readKinship(mode: 'sampled' | 'exact'): Promise<void> {
  const asked = askedOf(useFiles.getState());
  useFiles.setState({ kin: { phase: 'reading', done: 0, total: 1 } });
  const isWanted = () => useFiles.getState().kin.phase === 'reading';
  try {
    const kinship = await filesEngine().kinship(asked, mode, (done, total) => {
      if (isWanted()) useFiles.setState({ kin: { phase: 'reading', done, total } });
    });
    if (isWanted()) useFiles.setState({ kin: { phase: 'read', kinship } });
  } catch (error) {
    if (isWanted()) useFiles.setState({ kin: { phase: 'failed', failure: failureOf(error) } });
  }
}
