/** Pareto fronts and estimates: what each new point and each frame costs. */
import { randomStream } from '../../core/random/counter.ts';
import { design, sampledBox } from '../../pareto/design/design.ts';
import { nonDominated } from '../../pareto/front/dominance.ts';
import { foundFront, type Search } from '../../pareto/front/find.ts';
import { predictFront } from '../../pareto/front/front.ts';
import type { MeasuredPoint } from '../../pareto/point.ts';
import { featureCount } from '../../pareto/surrogate/features.ts';
import { taskObjectives } from '../../pareto/surrogate/objective.ts';
import { predict, type Surrogate, sigmoid } from '../../pareto/surrogate/predict.ts';
import { emptyFits, observePoint, surrogatesOf } from '../../pareto/surrogate/surrogate.ts';
import { expectNear } from './check.ts';
import type { Group } from './report.ts';
import { mapSpread, time } from './spread.ts';

const COEFFICIENTS = 8;
const TASKS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const CANDIDATES = 16_384;
/** Few enough to compare all pairs. */
const COMPARED = 2048;
const SAMPLES = 256;
const FRAME_MS = 1000 / 60;
/** Sums of a hundred float64 rows in another order, through a Cholesky factor. */
const FIT_TOLERANCE = 1e-6;
/** A prediction takes microseconds: this many are timed at once. */
const PREDICTIONS = 2000;

/** Accuracies that fall off around a peak of their own, in counts of right answers with chance in them. */
function points(): MeasuredPoint[] {
  const random = randomStream(1, 'bench points');
  const peaks = TASKS.map((_, task) => Array.from({ length: COEFFICIENTS }, (_, i) => (i === task ? 0.9 : 0.2)));
  const axes = Array.from({ length: COEFFICIENTS }, () => ({ min: -0.5, max: 1.5, perExpert: true }));
  return design(axes, 2 * featureCount(COEFFICIENTS), 1).map((coefficients, index) => {
    const scores = peaks.map((peak, task) => {
      const distance = peak.reduce((sum, place, i) => sum + (place - (coefficients[i] ?? 0)) ** 2, 0);
      const chance = sigmoid(2.5 - 2 * distance);
      const correct = Array.from({ length: SAMPLES }, () => random.uniform() < chance).filter(Boolean).length;
      return [TASKS[task] ?? '', { correct, n: SAMPLES }] as const;
    });
    const measured = Object.fromEntries(scores);
    return { coefficients, calibration: measured, test: measured, mergeId: String(index) };
  });
}

function fitted(all: readonly MeasuredPoint[]) {
  const fits = emptyFits(TASKS, COEFFICIENTS);
  for (const point of all) observePoint(fits, point);
  return fits;
}

export async function frontsGroup(): Promise<Group> {
  const all = points();
  const [last] = all.slice(-1);
  if (!last) throw new Error('no points were made');
  checkOrder(all);
  checkDominance();
  // The last point comes and is replaced for ever, which costs what a new one does, and its leaving besides.
  const fits = fitted(all);
  let n = SAMPLES;
  const refit = await time(
    () => {
      n++;
      const calibration = Object.fromEntries(TASKS.map((task) => [task, { correct: n - 100, n }]));
      observePoint(fits, { ...last, calibration });
      surrogatesOf(fits);
    },
    { rounds: 15, warmUps: 5 },
  );
  const surrogates = surrogatesOf(fitted(all));
  const pair = TASKS.slice(0, 2).flatMap((task) => surrogates.get(task) ?? []);
  const box = sampledBox(all) ?? [];
  const options = { seed: 1, candidates: CANDIDATES };
  const front = await time(() => predictFront(pair, box, options), { rounds: 7, warmUps: 2 });
  const search = (tasks: readonly string[], kind: Search) =>
    time(
      () => foundFront({ ...options, objectives: taskObjectives(tasks), sources: { surrogates }, box, search: kind }),
      {
        rounds: 5,
        warmUps: 1,
      },
    );
  const few = TASKS.slice(0, 3);
  return {
    title: `Fronts and estimates, ${COEFFICIENTS} coefficients, ${TASKS.length} tasks, ${all.length} points`,
    rows: [
      {
        what: 'refit of all tasks for one more point',
        measured: refit,
        unit: 'ms',
        goal: 2,
        beside: 'in the search worker',
      },
      {
        what: `predicted front of 2 tasks, ${CANDIDATES.toLocaleString('en')} candidates`,
        measured: front,
        unit: 'ms',
        goal: 300,
        beside: 'in the search worker; the page draws 4,096',
      },
      {
        what: `the same of all ${TASKS.length} tasks`,
        measured: await search(TASKS, 'candidates'),
        unit: 'ms',
        goal: 300,
        beside: 'in the search worker',
      },
      {
        what: `NSGA-III, 100 × 25, ${few.length} tasks`,
        measured: await search(few, 'nsga3'),
        unit: 'ms',
        goal: 500,
        beside: 'in the search worker',
      },
      {
        what: `NSGA-III, 100 × 25, ${TASKS.length} tasks`,
        measured: await search(TASKS, 'nsga3'),
        unit: 'ms',
        goal: 500,
        beside: 'in the search worker',
      },
      await estimates([...surrogates.values()]),
    ],
  };
}

async function estimates(surrogates: readonly Surrogate[]) {
  const random = randomStream(2, 'bench estimates');
  const c = Float64Array.from({ length: COEFFICIENTS }, () => random.uniform());
  const ms = await time(
    () => {
      for (let i = 0; i < PREDICTIONS; i++) {
        c[i % COEFFICIENTS] = (i % 97) / 97;
        for (const surrogate of surrogates) predict(surrogate, c);
      }
    },
    { rounds: 7, warmUps: 2 },
  );
  const measured = mapSpread(ms, (value) => value / PREDICTIONS);
  return {
    what: `estimates of ${surrogates.length} tasks with bands`,
    measured,
    unit: 'ms',
    goal: FRAME_MS,
    beside: `${((100 * measured.median) / FRAME_MS).toFixed(1)} % of a frame at 60 Hz`,
  };
}

/** Points that arrive one by one in another order give the surrogates of a fit of all. */
function checkOrder(all: readonly MeasuredPoint[]): void {
  const [once, reversed] = [surrogatesOf(fitted(all)), surrogatesOf(fitted([...all].reverse()))];
  for (const task of TASKS) {
    expectNear(
      `surrogate of ${task}`,
      reversed.get(task)?.beta ?? [],
      once.get(task)?.beta ?? [Number.NaN],
      FIT_TOLERANCE,
    );
  }
}

function checkDominance(): void {
  const random = randomStream(3, 'bench dominance');
  const cloud = Array.from({ length: COMPARED }, () => [random.uniform(), random.uniform()] as const);
  const better = (a: readonly [number, number], b: readonly [number, number]) =>
    a[0] >= b[0] && a[1] >= b[1] && (a[0] > b[0] || a[1] > b[1]);
  const naive = cloud.flatMap((point, i) => (cloud.some((other) => better(other, point)) ? [] : [i]));
  expectNear(
    'front',
    nonDominated(cloud).sort((a, b) => a - b),
    naive,
    0,
  );
}
