import type { StateCreator } from 'zustand';
import type { StudioState } from '../state.ts';
import type { ElsewhereSlice } from './state.ts';

export const elsewhereSlice: StateCreator<StudioState, [], [], ElsewhereSlice> = (set) => ({
  elsewhere: null,
  files: false,
  dialog: null,
  opened: null,
  configuration: null,
  setDialog: (dialog) => set({ dialog, ...(dialog === null && { opened: null, configuration: null }) }),
  showFiles: (files) => set({ files, ...(files && { dialog: null, opened: null }) }),
});
