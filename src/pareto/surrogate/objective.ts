/**
 * What a merge may be chosen by: one metric (of a task, or how far the merge is from its base), the average or the worst of
 * several. Plain data, so that the page, a link and the search worker mean the same; `objective-values.ts` computes them.
 */

export type Sense = 'maximise' | 'minimise';

interface Named {
  readonly id: string;
  readonly label: string;
  readonly sense: Sense;
}

export type Objective =
  /** `metric` is the key of a surrogate: a task's id for its accuracy, `lossKey` for its loss, `CHANGE_KEY`. */
  | (Named & { readonly kind: 'metric'; readonly metric: string })
  /** Mean over metrics of the same unit. */
  | (Named & { readonly kind: 'average'; readonly metrics: readonly string[] })
  /** The least of metrics to maximise, the largest of metrics to minimise. */
  | (Named & { readonly kind: 'worst'; readonly metrics: readonly string[] });

/** Key of the surrogate of a task's loss, beside that of its accuracy, whose key is the task's id. */
export function lossKey(task: string): string {
  return `loss:${task}`;
}

export function taskObjective(task: string, name: string): Objective {
  return { kind: 'metric', id: task, label: name, sense: 'maximise', metric: task };
}

export function lossObjective(task: string, name: string): Objective {
  const metric = lossKey(task);
  return { kind: 'metric', id: metric, label: `loss of ${name}`, sense: 'minimise', metric };
}

/** One objective per task, its own metric: those in `minimised` are to be small. */
export function taskObjectives(tasks: readonly string[], minimised: readonly string[] = []): Objective[] {
  return tasks.map((task) => ({
    ...taskObjective(task, task),
    sense: minimised.includes(task) ? 'minimise' : 'maximise',
  }));
}

/** @throws Error without metrics */
export function averageObjective(metrics: readonly string[], sense: Sense = 'maximise'): Objective {
  return { kind: 'average', id: `average:${listed(metrics)}`, label: 'average', sense, metrics };
}

/** @throws Error without metrics */
export function worstObjective(metrics: readonly string[], sense: Sense = 'maximise'): Objective {
  return { kind: 'worst', id: `worst:${listed(metrics)}`, label: 'worst task', sense, metrics };
}

/** Key of the surrogate of ‖θ(c) − θ₀‖. */
export const CHANGE_KEY = 'change';

export const CHANGE: Objective = {
  kind: 'metric',
  id: CHANGE_KEY,
  label: 'norm of the change',
  sense: 'minimise',
  metric: CHANGE_KEY,
};

function listed(metrics: readonly string[]): string {
  if (metrics.length === 0) throw new Error('an objective over tasks needs at least one task; got none');
  return metrics.join('+');
}

/** Surrogates that an objective is computed from. */
export function metricsOf(objective: Objective): readonly string[] {
  switch (objective.kind) {
    case 'metric':
      return [objective.metric];
    case 'average':
    case 'worst':
      return objective.metrics;
  }
}

/** +1 or −1: times the value, more is better. */
export function directionOf({ sense }: Objective): 1 | -1 {
  return sense === 'maximise' ? 1 : -1;
}
