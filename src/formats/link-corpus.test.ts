import catalogue from 'virtual:catalogue';
import { describe, expect, it } from 'vitest';
import { CURVE_GROUPS } from './curves.ts';
import { type Opened, parseLink } from './link.ts';
import corpus from './link-corpus.json' with { type: 'json' };
import { writeMapSettings } from './map-settings.ts';
import { testCard } from './recipe.testing.ts';
import { type Recipe, type Step, usesSeed } from './recipe.ts';
import { checkRecipe } from './recipe-check.ts';

/** One line of what a link means, every control spelled out. */
function meaning({ recipe, view }: Opened): string {
  const seed = usesSeed(recipe, catalogue) ? [`seed ${recipe.seed}`] : [];
  const looks = [
    view.pair,
    ...(view.goals === 'all' ? ['all goals'] : view.goals === 'nested' ? ['nested'] : []),
    ...(view.objectives.length > 0 ? [`of ${view.objectives}`] : []),
    ...(writeMapSettings(view.map) === '' ? [] : [`map ${writeMapSettings(view.map)}`]),
    ...view.vary.map((id) => `varies ${id}`),
    view.level,
    ...(view.allTasks ? ['all'] : []),
  ].join(' ');
  return [`e=${recipe.experts}`, steps(recipe), ...seed, looks].join('; ');
}

const groups = ({ layerGroups }: Step) => (layerGroups === undefined ? [] : [`in ${layerGroups} groups`]);

/** Curves and the filter, where there are some. */
function shape({ curves = {}, filter }: Step): string[] {
  const told = Object.entries(curves).map(([key, all]) => {
    const each = all.map(({ points, groups }) => `${points} ×${CURVE_GROUPS.map((group) => groups[group])}`);
    return `curves ${key} ${each.join(' and ')}`;
  });
  return [...told, ...(filter ? [`without ${filter.without} named ${filter.names}`] : [])];
}

function steps({ chain }: Recipe): string {
  return chain
    .map((step) =>
      [
        step.method,
        ...groups(step),
        ...shape(step),
        ...Object.entries(step.controls).map(([key, value]) => `${key}=${value}`),
      ].join(' '),
    )
    .join(' + ');
}

// Links were shared and printed: when one fails here, the change broke it for everybody who kept it. Give the method a new
// control or id instead of another default. New links are added at the end.
describe('a link keeps its meaning for ever', () => {
  it.each(corpus)('$link', ({ link, means }) => {
    const result = parseLink(link, catalogue, testCard);
    if (result.kind === 'refused') throw new Error(result.reason);
    expect(meaning(result)).toBe(means);
    expect(checkRecipe(result.recipe, catalogue, testCard)).toBeUndefined();
  });
});
