/** What the page looks at, as objectives: of a pair of axes, or of all tasks; and how each metric behind them is modelled. */
import type { MergeInfo } from '../client/engine.ts';
import type { Card, Scores } from '../formats/card.ts';
import type { Recipe } from '../formats/recipe.ts';
import { type View, WHOLE_OBJECTIVES, type WholeObjective } from '../formats/view.ts';
import { measuredObjective } from '../pareto/map.ts';
import type { Outcome, Outcomes } from '../pareto/point.ts';
import { ACCURACY, LOSS, type Metric, NORM } from '../pareto/surrogate/link.ts';
import {
  averageObjective,
  CHANGE,
  CHANGE_KEY,
  lossKey,
  lossObjective,
  type Objective,
  taskObjective,
  taskObjectives,
  worstObjective,
} from '../pareto/surrogate/objective.ts';
import { memo } from './memo.ts';
import { isAccuracy, type TaskMetric } from './metrics.ts';
import type { StudioState } from './state.ts';

export type MapSettings = View['map'];

/** Objectives over the whole mix. */
export const WHOLE: readonly WholeObjective[] = WHOLE_OBJECTIVES;

/** The scale of an objective's numbers; `plain` is that of a metric of measurements from elsewhere. */
export type Unit = 'share' | 'nats' | 'norm' | 'plain';

export interface Goal {
  /** As in the link: a task, `average`, `worst` or `change`. */
  readonly id: string;
  readonly objective: Objective;
  readonly unit: Unit;
}

type Metrics = ReadonlyMap<string, TaskMetric> | undefined;

/** @param elsewhere metrics of measurements that came in a file, which tell themselves what they are */
function goalOf(
  id: string,
  experts: readonly string[],
  card: Card,
  metric: MapSettings['metric'],
  elsewhere: Metrics,
): Goal {
  const own = elsewhere?.get(id);
  if (own) {
    const [objective] = taskObjectives([id], own.smaller ? [id] : []);
    if (objective) return { id, objective, unit: own.share ? 'share' : 'plain' };
  }
  if (id === CHANGE_KEY) return { id, objective: CHANGE, unit: 'norm' };
  const loss = metric === 'loss' && !elsewhere;
  const unit = loss ? 'nats' : 'share';
  const keys = loss ? experts.map(lossKey) : experts;
  const sense = loss ? 'minimise' : 'maximise';
  if (id === 'average') return { id, unit, objective: averageObjective(keys, sense) };
  if (id === 'worst') return { id, unit, objective: worstObjective(keys, sense) };
  const name = card.tasks.find((task) => task.id === id)?.name ?? id;
  return { id, unit, objective: loss ? lossObjective(id, name) : taskObjective(id, name) };
}

const NONE: readonly Goal[] = [];
const NO_IDS: readonly string[] = [];

type Looked = Pick<StudioState, 'card' | 'recipe' | 'view' | 'elsewhere'>;

/** Of the two axes. */
export const selectPairGoals = memo(
  ({ recipe, card, view, elsewhere }: Looked) => [
    recipe?.experts,
    card,
    view?.pair,
    view?.map.metric,
    elsewhere?.metrics,
  ],
  goalsAt,
);

/** Of the front of all tasks: every task of the mix, or the chosen objectives. */
export const selectAllGoals = memo(
  ({ recipe, card, view, elsewhere }: Looked) => [
    recipe?.experts,
    card,
    view?.objectives,
    view?.map.metric,
    elsewhere?.metrics,
  ],
  (experts, card, chosen = [], metric, elsewhere) => {
    // A task whose expert was left out is no goal of the mix.
    const wanted = chosen.filter((id) => experts?.includes(id) || WHOLE.some((whole) => whole === id));
    return goalsAt(experts, card, wanted.length > 1 ? wanted : experts, metric, elsewhere);
  },
);

/** Everything that may be limited: tasks of the mix, and what is or was looked at besides. */
export const selectEveryGoal = memo(
  ({ recipe, card, view, elsewhere }: Looked) => [
    recipe?.experts,
    card,
    view?.pair,
    view?.objectives,
    view?.map.metric,
    elsewhere?.metrics,
  ],
  (experts, card, pair, objectives = NO_IDS, metric, elsewhere) =>
    goalsAt(
      experts,
      card,
      [...new Set([...(experts ?? NO_IDS), ...(pair ?? NO_IDS), ...objectives])],
      metric,
      elsewhere,
    ),
);

/** Of the front on the screen. */
export const selectGoals = (state: Looked): readonly Goal[] =>
  state.view?.goals === 'pair' ? selectPairGoals(state) : selectAllGoals(state);

function goalsAt(
  experts: readonly string[] | undefined,
  card: Card | null,
  ids: readonly string[] | undefined,
  metric: MapSettings['metric'] | undefined,
  elsewhere: Metrics,
): readonly Goal[] {
  if (!experts?.length || !card || !ids || !metric) return NONE;
  return ids.map((id) => goalOf(id, experts, card, metric, elsewhere));
}

/** A goal of a measured merge; undefined where one of its metrics was not measured. */
export function measuredGoal({ objective }: Goal, scores: Scores, info?: MergeInfo | null): number | undefined {
  return measuredObjective(objective, outcomesOf(scores, info));
}

/** Counts and mean losses by metric, and of a network that was merged here how far it is from its base. */
export function outcomesOf(scores: Scores, info?: MergeInfo | null): Outcomes {
  const counts = Object.entries(scores).map(([task, { correct, n }]): [string, Outcome] => [task, { correct, n }]);
  const losses = Object.entries(scores).flatMap(([task, { loss, n }]): [string, Outcome][] =>
    loss === undefined ? [] : [[lossKey(task), { value: loss / n, n }]],
  );
  return Object.fromEntries([
    ...counts,
    ...losses,
    ...(info && info.change !== null ? [[CHANGE_KEY, { value: info.change }] as const] : []),
  ]);
}

/**
 * How every metric is modelled: accuracies and, where points have them, losses and the norm of the change. Of measurements from
 * elsewhere shares by their log-odds, whatever has no bounds by plain least squares.
 */
export function metricsOf(
  recipe: Recipe,
  { map, pair, objectives }: View,
  elsewhere: StudioState['elsewhere'],
): Readonly<Record<string, Metric>> {
  const { metric, scale } = map;
  const accuracy: Metric = scale === 'plain' ? { link: 'identity' } : ACCURACY;
  const loss: Metric = scale === 'bounded' ? { link: 'softplus' } : LOSS;
  if (elsewhere) {
    return Object.fromEntries(
      recipe.experts.map((task) => [task, elsewhere.metrics.get(task)?.share ? accuracy : LOSS]),
    );
  }
  const changes = [...pair, ...objectives].includes(CHANGE_KEY);
  return {
    ...Object.fromEntries(recipe.experts.map((task) => [task, accuracy])),
    ...(metric === 'loss' && Object.fromEntries(recipe.experts.map((task) => [lossKey(task), loss]))),
    ...(changes && { [CHANGE_KEY]: NORM }),
  };
}

const ACROSS: readonly WholeObjective[] = ['average', 'worst'];

/** What is offered over the whole mix: of measurements from elsewhere only what can be said of shares of right answers. */
export const selectWhole = memo(
  ({ elsewhere }: Pick<StudioState, 'elsewhere'>) => [elsewhere?.metrics],
  (metrics): readonly WholeObjective[] => {
    if (!metrics) return WHOLE;
    return [...metrics.values()].every(isAccuracy) ? ACROSS : [];
  },
);
