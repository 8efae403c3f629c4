/** What is varied of the recipe on the screen, and how that is called. */
import type { Space } from '../formats/coefficients.ts';
import { memo } from './memo.ts';
import type { StudioState } from './state.ts';

const NOTHING: readonly string[] = [];

export const selectSpace = memo(
  ({ view, card }: Pick<StudioState, 'view' | 'card'>) => [view?.vary ?? NOTHING, card?.model.blocks ?? 0],
  (vary, blocks): Space => ({ vary, blocks }),
);
