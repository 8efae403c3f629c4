/** Groups of layers as the screen speaks of them. */
import catalogue from 'virtual:catalogue';
import type { Card } from '../formats/card.ts';
import { groupName, mostGroups } from '../formats/layer-groups.ts';
import { isDivisible, knownMethod, type Step } from '../formats/recipe.ts';

/** What each of so many groups holds, from input to output. */
export const layerNames = ({ model }: Card, groups: number): readonly string[] =>
  Array.from({ length: groups }, (_, group) => groupName(group, groups, model.blocks));

/** Most groups that this family's network can be divided into. */
export const mostLayerGroups = ({ model }: Card): number => mostGroups(model.blocks);

/** Whether groups of layers may have coefficients of their own in this step. */
export const canDivide = (step: Step): boolean => isDivisible(step, knownMethod(catalogue, step.method));
