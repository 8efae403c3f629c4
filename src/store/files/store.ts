/** The store of the visitor's own models: loaded with their screen, and kept while the page is open. */
import { create } from 'zustand';
import { mixSlice } from './mix.ts';
import { modelsSlice } from './models.ts';
import type { FilesState } from './state.ts';

export const useFiles = create<FilesState>()((...tools) => ({
  ...modelsSlice(...tools),
  ...mixSlice(...tools),
  check: { phase: 'none' },
  planned: { phase: 'none' },
  kin: { phase: 'none' },
  work: { phase: 'idle' },
  unfinished: null,
  stored: [],
  wanted: [],
}));
