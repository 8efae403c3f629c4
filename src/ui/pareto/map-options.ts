import type { MapSettings } from '../../store/objectives.ts';

/** What MAP's settings can be, by the names that are shown; the first option of each is the usual one. */
export const MAP_OPTIONS: Readonly<Record<keyof MapSettings, readonly (readonly [value: string, name: string])[]>> = {
  metric: [
    ['accuracy', 'accuracy'],
    ['loss', 'loss'],
  ],
  scale: [
    ['auto', 'automatic'],
    ['bounded', 'behind sigmoid or softplus'],
    ['plain', 'of the metric itself'],
  ],
  design: [
    ['sobol', 'Sobol’ points'],
    ['official', 'published grid'],
  ],
  rule: [
    ['thompson', 'where the front gains'],
    ['variance', 'where least is known'],
    ['front', 'on the uncertain front'],
    ['angles', 'Bayesian MAP, bins of angles'],
  ],
  search: [
    ['candidates', 'candidates'],
    ['closed', 'closed form'],
    ['nsga2', 'NSGA-II'],
    ['nsga3', 'NSGA-III'],
  ],
  compare: [
    ['ours', 'nothing'],
    ['published', 'MAP as published'],
  ],
};

/** What was chosen otherwise than usual, by name. */
export const unusual = (settings: MapSettings): readonly string[] =>
  Object.entries(MAP_OPTIONS).flatMap(([key, options]) => {
    const index = options.findIndex(([value]) => value === settings[key as keyof MapSettings]);
    return index > 0 ? [options[index]?.[1] ?? ''] : [];
  });
