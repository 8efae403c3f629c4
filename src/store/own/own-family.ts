/** Own models and data on their way into the studio: a store of its own, loaded with its sheet. */
import { create } from 'zustand';
import { type Own, openOwn } from '../../client/own.ts';
import type { Choice, Found, OwnFile, OwnResult, Report } from '../../client/protocol.ts';
import { failureOf } from '../../client/worker-client.ts';
import type { Score } from '../../formats/card.ts';
import { type ExpertChoice, lackingIn, type Roles, rolesFor } from '../../formats/own/roles.ts';
import { keepFamily } from './kept-families.ts';

export type { ExpertChoice, Found, Score };

type Phase = 'empty' | 'reading' | 'incomplete' | 'checking' | 'measuring' | 'measured' | 'failed';

interface OwnState extends Roles {
  /** Of transformers whose files do not tell; null until it is chosen. */
  readonly attentionHeads: number | null;
  readonly phase: Phase;
  readonly found: Found | null;
  /** What is known of the chosen data. */
  readonly report: Report | null;
  /** Why it does not go on, and what to do. */
  readonly trouble: string;
  /** Right answers by model and task, as they arrive. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, Score>>>>;
  readonly result: OwnResult | null;
}

export const useOwn = create<OwnState>()(() => ({
  phase: 'empty',
  found: null,
  base: '',
  experts: [],
  attentionHeads: null,
  report: null,
  trouble: '',
  scores: {},
  result: null,
}));

const { setState: set, getState: get } = useOwn;

/** As many are taken of a folder at once. */
const MOST_FILES = 100_000;
const CUT = `Of this folder the first ${MOST_FILES.toLocaleString('en')} files were taken: add the others apart.`;

let worker: Own | undefined;
/** Only the newest choice is measured. */
let newest = 0;

export async function addFiles(files: readonly OwnFile[]): Promise<void> {
  if (files.length === 0) return;
  set({ phase: 'reading', trouble: '', result: null });
  try {
    worker ??= openOwn();
    const all = await worker.add(files);
    const found = files.length < MOST_FILES ? all : { ...all, problems: [...all.problems, CUT] };
    set({ found, ...rolesFor(found, get()) });
    await settle();
  } catch (error) {
    fail(error);
  }
}

export function chooseBase(path: string): void {
  const { found, experts } = get();
  if (!found) return;
  // Another base may have another width.
  set({ ...rolesFor(found, { base: path, experts }), attentionHeads: null });
  void settle();
}

export function changeExpert(path: string, change: Partial<ExpertChoice>): void {
  set(({ experts }) => ({ experts: experts.map((each) => (each.path === path ? { ...each, ...change } : each)) }));
  void settle();
}

export function chooseAttentionHeads(count: number): void {
  set({ attentionHeads: count });
  void settle();
}

function choiceOf({ base, experts, attentionHeads }: OwnState): Choice {
  return {
    base,
    attentionHeads,
    experts: experts.filter(({ on }) => on).map(({ path, task, data }) => ({ path, task, data })),
  };
}

/** Checks what is chosen, and measures it as soon as it is complete. */
async function settle(): Promise<void> {
  newest++;
  const own = newest;
  const current = () => own === newest;
  const trouble = lackingIn(get(), get().found);
  set({ trouble, report: null, result: null, scores: {}, phase: trouble ? 'incomplete' : 'checking' });
  if (trouble || !worker) return;
  const choice = choiceOf(get());
  try {
    const report = await worker.check(choice);
    if (!current()) return;
    set({ report, phase: 'measuring' });
    const result = await worker.build(choice, (model, task, score) => {
      if (!current() || get().phase !== 'measuring') return;
      set(({ scores }) => ({ scores: { ...scores, [model]: { ...scores[model], [task]: score } } }));
    });
    if (current()) set({ result, phase: 'measured', scores: scoresOf(result) });
  } catch (error) {
    if (current()) fail(error);
  }
}

/** The last counts may be told after the result. */
function scoresOf({ card: { accuracy } }: OwnResult): OwnState['scores'] {
  const last = (tasks: Readonly<Record<string, readonly Score[]>>) =>
    Object.fromEntries(Object.entries(tasks).flatMap(([task, all]) => all.slice(-1).map((score) => [task, score])));
  return Object.fromEntries(Object.entries(accuracy).map(([model, tasks]) => [model, last(tasks)]));
}

function fail(error: unknown): void {
  const { message, todo } = failureOf(error);
  set({ phase: 'failed', trouble: todo ? `${message} ${todo}` : message });
}

/** Opens the studio with the measured family; the address then names it. */
export async function openFamily(): Promise<void> {
  const { result } = get();
  if (!result) return;
  try {
    await keepFamily(result.card, result.files);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    set({
      trouble: `This browser cannot keep the files (${reason}), and without them a reload would lose the models. A private window may forbid it: open the page in an ordinary one.`,
    });
    return;
  }
  const { family } = result.card;
  // Somebody's link to the same files is what they came with.
  const asked = new URLSearchParams(location.hash.slice(1)).get('z') === family;
  if (!asked) location.hash = `#v=1&z=${family}`;
  location.reload();
}
