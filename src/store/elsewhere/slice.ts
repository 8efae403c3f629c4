import type { StateCreator } from 'zustand';
import type { ElsewhereSlice, StudioState } from '../state.ts';

export const elsewhereSlice: StateCreator<StudioState, [], [], ElsewhereSlice> = (set) => ({
  elsewhere: null,
  dialog: null,
  opened: null,
  configuration: null,
  setDialog: (dialog) => set({ dialog, ...(dialog === null && { opened: null, configuration: null }) }),
});
