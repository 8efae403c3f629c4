/** What the zoo promises, each with the figure measured on test samples; every choice behind a figure used calibration only. */
import type { Card } from '../../formats/card.ts';
import type { Choice, Chooser, Opening, RankedSet } from './choose.ts';
import { accuracy, type Gauge, type HitsByTask, normalised, type OwnAccuracy, SPLIT_SIZE } from './gauge.ts';

type Target = Card['targets'][number];

export interface Setting {
  readonly gauge: Gauge;
  readonly tasks: readonly string[];
  readonly own: OwnAccuracy;
  readonly choose: Chooser;
  /** Test answers of the base and of every expert on its own task. */
  readonly base: HitsByTask;
  readonly opening: Opening;
  readonly pairs: readonly RankedSet[];
  readonly triples: readonly RankedSet[];
  readonly fours: readonly RankedSet[];
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const describe = ({ method, controls }: Choice) =>
  `${method} (${Object.entries(controls)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ')})`;

function onTest({ gauge }: Setting, weights: Float32Array, experts: readonly string[]): Promise<HitsByTask> {
  return gauge.answer(weights, experts, 'test', SPLIT_SIZE.test);
}

export async function measureTargets(setting: Setting): Promise<Target[]> {
  const measures: (() => Target | Promise<Target> | Promise<Target[]>)[] = [
    () => baseShare(setting),
    () => expertsAboveBase(setting),
    () => bestSet(setting, 'pair', setting.pairs, 0.92),
    () => bestSet(setting, 'triple', setting.triples, 0.89),
    () => bestSet(setting, 'four', setting.fours, 0.87),
    () => allEight(setting),
    () => sharedScale(setting),
    () => methodsAboveAverage(setting),
    () => conflictFront(setting),
  ];
  const targets: Target[] = [];
  for (const measure of measures) {
    const found = [await measure()].flat();
    for (const { id, measured, met } of found) console.log(`${met ? 'met    ' : 'not met'} ${id}: ${measured}`);
    targets.push(...found);
  }
  return targets;
}

function baseShare({ base, own, tasks }: Setting): Target {
  const share = normalised(new Map(tasks.map((task) => [task, base.get(task) ?? new Uint8Array(1)])), own.test);
  return {
    id: 'base-share',
    text: 'The base alone, as a share of each expert’s own accuracy, mean over tasks',
    wanted: '70–82 %',
    measured: percent(share),
    met: share >= 0.7 && share <= 0.82,
  };
}

function expertsAboveBase({ base, own, tasks }: Setting): Target {
  const rows = tasks.map((task) => {
    const before = accuracy(base.get(task) ?? new Uint8Array(1));
    const gain = (own.test.get(task) ?? 0) - before;
    return { task, gain, enough: gain >= (before > 0.85 ? 0.05 : 0.1) };
  });
  return {
    id: 'experts-above-base',
    text: 'Every expert above the base on its own task',
    wanted: '10 points each, 5 where the base is above 85 %',
    measured: rows.map(({ task, gain }) => `${task} +${(100 * gain).toFixed(1)}`).join(', '),
    met: rows.every(({ enough }) => enough),
  };
}

/** The set that ranks first on calibration, with the best method and setting found there. */
async function bestSet(setting: Setting, name: string, ranked: readonly RankedSet[], wanted: number): Promise<Target> {
  const experts = ranked[0]?.experts ?? [];
  const best = top(await setting.choose(experts));
  const share = normalised(await onTest(setting, best.weights, experts), setting.own.test);
  return {
    id: `some-${name}`,
    text: `Some ${name} keeps most of its experts’ accuracy with the best method at hand`,
    wanted: `at least ${percent(wanted)}`,
    measured: `${percent(share)}: ${experts.join(' + ')} by ${describe(best)}`,
    met: share >= wanted,
  };
}

function top(choices: readonly Choice[]): Choice {
  const [best] = [...choices].sort((a, b) => b.calibration - a.calibration);
  if (!best) throw new Error('no method was tried');
  return best;
}

async function allEight(setting: Setting): Promise<Target> {
  const best = top(await setting.choose(setting.tasks));
  const share = normalised(await onTest(setting, best.weights, setting.tasks), setting.own.test);
  const average = await setting.gauge.merge('weight-average', setting.tasks);
  const uniform = normalised(await onTest(setting, average, setting.tasks), setting.own.test);
  return {
    id: 'all-eight',
    text: 'All eight experts in one network, with the best method at hand (an aspiration)',
    wanted: 'at least 82 %',
    measured: `${percent(share)} by ${describe(best)}; uniform average ${percent(uniform)}`,
    met: share >= 0.82,
  };
}

/** One shared λ over the opening experts: where it is best, and what too much of it does. */
async function sharedScale(setting: Setting): Promise<Target[]> {
  const { gauge, own, opening } = setting;
  const curve: { lambda: number; calibration: number; test: number }[] = [];
  for (const lambda of [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5]) {
    const weights = await gauge.merge('task-arithmetic', opening.experts, {
      lambda: opening.experts.map(() => lambda),
    });
    const calibration = normalised(
      await gauge.answer(weights, opening.experts, 'calibration', SPLIT_SIZE.calibration),
      own.calibration,
    );
    curve.push({ lambda, calibration, test: normalised(await onTest(setting, weights, opening.experts), own.test) });
  }
  const best = curve.reduce((a, b) => (b.calibration > a.calibration ? b : a));
  const at = (lambda: number) => curve.find((point) => point.lambda === lambda)?.test ?? Number.NaN;
  return [
    {
      id: 'interior-best',
      text: 'The best shared λ of the opening experts lies between none and full strength',
      wanted: '0 < λ < 1, above both ends',
      measured: `λ ${best.lambda}: ${percent(best.test)}; λ 0: ${percent(at(0))}; λ 1: ${percent(at(1))}`,
      met: best.lambda > 0 && best.lambda < 1 && best.test > at(0) && best.test > at(1),
    },
    {
      id: 'collapse',
      text: 'Over-scaling the opening experts visibly destroys the network',
      wanted: 'at least 15 points below the best at λ 1.5',
      measured: curve.map(({ lambda, test }) => `λ ${lambda}: ${percent(test)}`).join(', '),
      met: best.test - at(1.5) >= 0.15,
    },
  ];
}

/** McNemar's test on the same samples: differences beyond this many standard errors are not noise (two-sided 95 %). */
const BEYOND_NOISE = 1.96;

async function methodsAboveAverage(setting: Setting): Promise<Target> {
  const { gauge, own, opening } = setting;
  const average = await onTest(setting, await gauge.merge('weight-average', opening.experts), opening.experts);
  const rows: { text: string; above: boolean }[] = [];
  for (const choice of await setting.choose(opening.experts)) {
    const hits = await onTest(setting, choice.weights, opening.experts);
    const z = pairedDifference(hits, average);
    rows.push({
      text: `${describe(choice)} ${percent(normalised(hits, own.test))} (z ${z.toFixed(1)})`,
      above: z > BEYOND_NOISE,
    });
  }
  return {
    id: 'above-average',
    text: 'Methods above the uniform average of the opening experts beyond noise (paired test on the same samples)',
    wanted: 'at least three',
    measured: `uniform average ${percent(normalised(average, own.test))}; ${rows.map(({ text }) => text).join('; ')}`,
    met: rows.filter(({ above }) => above).length >= 3,
  };
}

function pairedDifference(hits: HitsByTask, others: HitsByTask): number {
  let won = 0;
  let lost = 0;
  for (const [task, mine] of hits) {
    mine.forEach((hit, index) => {
      const other = others.get(task)?.[index] ?? 0;
      if (hit > other) won++;
      if (hit < other) lost++;
    });
  }
  return won + lost === 0 ? 0 : (won - lost) / Math.sqrt(won + lost);
}

/** The pair of the opening that conflicts: its front from one expert to the other. */
async function conflictFront(setting: Setting): Promise<Target> {
  const [a, b] = setting.opening.pair;
  const front: { share: number; x: number; y: number }[] = [];
  for (const share of [1, 0.8, 0.6, 0.5, 0.4, 0.2, 0]) {
    const weights = await setting.gauge.merge('task-arithmetic', [a, b], {
      lambda: [share, Math.round(10 - 10 * share) / 10],
    });
    const hits = await onTest(setting, weights, [a, b]);
    front.push({ share, x: accuracy(hits.get(a) ?? new Uint8Array(1)), y: accuracy(hits.get(b) ?? new Uint8Array(1)) });
  }
  const best = front.filter(
    (point) => !front.some((other) => other !== point && other.x >= point.x && other.y >= point.y),
  );
  const span = (values: number[]) => Math.max(...values) - Math.min(...values);
  const width = span(best.map(({ x }) => x));
  const height = span(best.map(({ y }) => y));
  return {
    id: 'conflict-front',
    text: `The front of ${a} and ${b} spans both axes`,
    wanted: '10 points or more on both axes',
    measured: `${percent(width)} × ${percent(height)}; ${best.map(({ share, x, y }) => `${share}: ${percent(x)} / ${percent(y)}`).join(', ')}`,
    met: width >= 0.1 && height >= 0.1,
  };
}
