/** What the search worker serves: everything about fronts that needs no tensors. */
import { sampledBox } from '../pareto/design/design.ts';
import { predictFront } from '../pareto/front/front.ts';
import type { MeasuredPoint, Scores } from '../pareto/point.ts';
import type { Surrogate } from '../pareto/surrogate/predict.ts';
import { emptyFits, observePoint, surrogatesOf } from '../pareto/surrogate/surrogate.ts';
import { replyTo } from './fault.ts';

export interface ExploreRequest {
  /** Measured merges of one study. */
  readonly points: readonly MeasuredPoint[];
  readonly tasks: readonly string[];
  /** Tasks whose front is wanted. */
  readonly pair: readonly string[];
  readonly seed: number;
}

export interface Exploration {
  /** Fitted on calibration scores: whatever chooses uses these. */
  readonly calibration: Readonly<Record<string, Surrogate>>;
  /** Fitted on test scores: only to show, while a slider moves, what the bars will say. */
  readonly test: Readonly<Record<string, Surrogate>>;
  /** Predicted front of the pair, on calibration, inside the sampled box. */
  readonly front: readonly { readonly coefficients: readonly number[]; readonly x: number; readonly y: number }[];
}

function explore({ points, tasks, pair, seed }: ExploreRequest): Exploration {
  const coefficients = points[0]?.coefficients.length ?? 0;
  const fit = (scores: (point: MeasuredPoint) => Scores) => {
    const fits = emptyFits(tasks, coefficients);
    for (const point of points) observePoint(fits, { ...point, calibration: scores(point) });
    return Object.fromEntries(surrogatesOf(fits));
  };
  const calibration = fit((point) => point.calibration);
  const surrogates = pair.flatMap((task) => calibration[task] ?? []);
  const box = sampledBox(points);
  const known = points.map((point) => point.coefficients);
  const front = surrogates.length === 2 && box ? predictFront(surrogates, box, { seed, known }) : [];
  return {
    calibration,
    test: fit((point) => point.test),
    front: front.map(({ coefficients: c, estimates: [x, y] }) => ({
      coefficients: c,
      x: x?.mean ?? 0,
      y: y?.mean ?? 0,
    })),
  };
}

export function createSearchService() {
  return { explore: (request: ExploreRequest) => replyTo(() => explore(request)) };
}

export type SearchService = ReturnType<typeof createSearchService>;
