/** Chooses experts and recipes, on the calibration split alone. */

import type { ControlValue } from '../../formats/recipe.ts';
import type { Gauge, OwnAccuracy } from './gauge.ts';
import { normalised, SPLIT_SIZE } from './gauge.ts';

export interface Candidate {
  readonly method: string;
  readonly controls: Readonly<Record<string, ControlValue>>;
}

const each = <T>(values: readonly T[], make: (value: T) => Candidate) => values.map(make);

/** Settings that are tried per method; which one is taken is decided on calibration samples. */
const CANDIDATES: readonly Candidate[] = [
  ...each([0.2, 0.3, 0.4, 0.5, 0.6, 0.7], (lambda) => ({ method: 'task-arithmetic', controls: { lambda } })),
  ...each([0.8, 1, 1.25, 1.5, 2], (lambda) => ({ method: 'ties', controls: { lambda, density: 0.5 } })),
  ...each([0.8, 1, 1.5, 2], (lambda) => ({ method: 'ties', controls: { lambda, density: 0.2 } })),
  ...each([0.6, 0.8, 1, 1.25, 1.5], (lambda) => ({ method: 'iso-c', controls: { lambda } })),
  ...each([0.2, 0.3, 0.4], (initial) => ({ method: 'adamerging', controls: { initial } })),
];

/** Every control that is given once per expert, spread over all of them. */
function spreadControls({ method, controls }: Candidate, experts: number): Record<string, ControlValue> {
  const perExpert = method === 'task-arithmetic' ? 'lambda' : undefined;
  return Object.fromEntries(
    Object.entries(controls).map(([key, value]) => [
      key,
      key === perExpert ? new Array<number>(experts).fill(value as number) : value,
    ]),
  );
}

export interface Choice extends Candidate {
  readonly weights: Float32Array;
  /** Normalised average on the calibration split, which it was chosen by. */
  readonly calibration: number;
}

/** Gives the best candidate of each method for some experts, in the order of CANDIDATES; each set is tried once. */
export type Chooser = (experts: readonly string[]) => Promise<readonly Choice[]>;

export function createChooser(gauge: Gauge, own: OwnAccuracy): Chooser {
  const known = new Map<string, Promise<Choice[]>>();
  return (experts) => {
    const key = experts.join('+');
    const choices = known.get(key) ?? bestPerMethod(gauge, experts, own);
    known.set(key, choices);
    return choices;
  };
}

async function bestPerMethod(gauge: Gauge, experts: readonly string[], own: OwnAccuracy): Promise<Choice[]> {
  const best = new Map<string, Choice>();
  for (const candidate of CANDIDATES) {
    const weights = await gauge.merge(candidate.method, experts, spreadControls(candidate, experts.length));
    const hits = await gauge.answer(weights, experts, 'calibration', SPLIT_SIZE.calibration);
    const calibration = normalised(hits, own.calibration);
    if (calibration > (best.get(candidate.method)?.calibration ?? -1))
      best.set(candidate.method, { ...candidate, weights, calibration });
  }
  return [...best.values()];
}

/** All subsets of a given size, in order. */
function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

export interface RankedSet {
  readonly experts: readonly string[];
  readonly calibration: number;
}

/** Shared λ at which sets of two, three and four experts are compared with each other. */
const RANKING_LAMBDA: Readonly<Record<number, number>> = { 2: 0.6, 3: 0.45, 4: 0.35 };

/** Sets of experts by how well they merge by task arithmetic, best first. */
export async function rankSets(
  gauge: Gauge,
  tasks: readonly string[],
  size: number,
  own: OwnAccuracy,
): Promise<RankedSet[]> {
  const ranked: RankedSet[] = [];
  for (const experts of subsets(tasks, size)) {
    const lambda = new Array<number>(size).fill(RANKING_LAMBDA[size] ?? 1 / size);
    const weights = await gauge.merge('task-arithmetic', experts, { lambda });
    const hits = await gauge.answer(weights, experts, 'calibration', SPLIT_SIZE.calibration);
    ranked.push({ experts, calibration: normalised(hits, own.calibration) });
  }
  return ranked.sort((a, b) => b.calibration - a.calibration);
}

export interface Opening {
  /** Three that merge well, then the one that conflicts with them, in the family's order. */
  readonly experts: readonly string[];
  readonly pair: readonly [string, string];
}

/** An opening expert is right at least this often on its own calibration samples: a weaker skill shows little. */
const SHOWABLE = 0.6;

/** The best triple, plus the expert whose pairs with its members merge worst; the pair is the worst of those. */
export function chooseOpening(
  tasks: readonly string[],
  own: ReadonlyMap<string, number>,
  pairs: readonly RankedSet[],
  triples: readonly RankedSet[],
): Opening {
  const [triple] = triples;
  if (!triple) throw new Error('no triple of experts was measured');
  const together = (a: string, b: string) =>
    pairs.find(({ experts }) => experts.includes(a) && experts.includes(b))?.calibration ?? 1;
  const outsiders = tasks
    .filter((task) => !triple.experts.includes(task) && (own.get(task) ?? 0) >= SHOWABLE)
    .map((task) => ({
      task,
      mean: triple.experts.reduce((sum, member) => sum + together(task, member), 0) / triple.experts.length,
    }))
    .sort((a, b) => a.mean - b.mean);
  const rival = outsiders[0]?.task;
  if (!rival) throw new Error('every expert is in the triple');
  const victim = [...triple.experts].sort((a, b) => together(a, rival) - together(b, rival))[0] as string;
  return { experts: tasks.filter((task) => task === rival || triple.experts.includes(task)), pair: [victim, rival] };
}
