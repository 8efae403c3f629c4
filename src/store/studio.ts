/** The store: one slice per file, put together here. */

import { create } from 'zustand';
import { boardSlice } from './board.ts';
import { catalogue } from './catalogue.ts';
import { comparisonSlice } from './comparison-slice.ts';
import { elsewhereSlice } from './elsewhere/slice.ts';
import { nestedSlice } from './nested.ts';
import { paretoSlice } from './pareto.ts';
import { pinSlice } from './pins.ts';
import { previewSlice } from './preview-slice.ts';
import { recipeSlice } from './recipe.ts';
import { resultSlice } from './result.ts';
import type { StudioState } from './state.ts';
import { zooSlice } from './zoo.ts';

export const useStudio = create<StudioState>()((...tools) => ({
  ...zooSlice(...tools),
  ...recipeSlice(catalogue)(...tools),
  ...resultSlice(...tools),
  ...paretoSlice(...tools),
  ...comparisonSlice(...tools),
  ...previewSlice(...tools),
  ...nestedSlice(...tools),
  ...boardSlice(...tools),
  ...pinSlice(...tools),
  ...elsewhereSlice(...tools),
}));
