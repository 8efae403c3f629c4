import { isPack } from '../formats/pack.ts';
import { catalogue } from './catalogue.ts';
import type { StudioState } from './state.ts';

/** Whether the merge on the screen is a pack: one network for each expert's task. */
export const selectIsPack = ({ recipe }: Pick<StudioState, 'recipe'>): boolean =>
  recipe !== null && isPack(recipe, catalogue);
