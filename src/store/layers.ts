/** Groups of layers as the screen speaks of them. */
import catalogue from 'virtual:catalogue';
import { groupName, mostGroups } from '../formats/layer-groups.ts';
import { isDivisible, knownMethod, type Step } from '../formats/recipe.ts';

/** What each of so many groups holds, from input to output. */
export const layerNames = (blocks: number, groups: number): readonly string[] =>
  Array.from({ length: groups }, (_, group) => groupName(group, groups, blocks));

/** Most groups that a network of so many blocks can be divided into. */
export const mostLayerGroups = mostGroups;

/** Whether groups of layers may have coefficients of their own in this step. */
export const canDivide = (step: Step): boolean => isDivisible(step, knownMethod(catalogue, step.method));
