/** Surrogates and a predicted point over merges that are there, as the search worker would send them. */
import { fitSurrogates } from '../pareto/map.ts';
import type { ParetoPoint, StudioState } from './state.ts';

type Explored = NonNullable<StudioState['exploration']>;

/** @param points of one study, measured on the same tasks */
export function explorationOf(points: readonly ParetoPoint[], goalFront: Explored['goalFront'] = []): Explored {
  const fit = (split: 'calibration' | 'test') =>
    Object.fromEntries(
      fitSurrogates({
        observed: points.map((point) => ({ coefficients: point.coefficients, outcomes: point[split] })),
        tasks: Object.keys(points[0]?.[split] ?? {}),
      }),
    );
  return {
    calibration: fit('calibration'),
    test: fit('test'),
    goalFront,
    goalFrontSize: goalFront.length,
    search: 'candidates',
    published: null,
    reference: [],
    volume: { value: 0, estimated: false },
    best: 0,
    history: [],
    study: points[0]?.study ?? '',
    points: points.length,
  };
}
