import type { StateCreator } from 'zustand';
import type { ResultSlice, StudioState } from './state.ts';

export const resultSlice: StateCreator<StudioState, [], [], ResultSlice> = (set) => ({
  run: { phase: 'idle' },
  measurement: null,
  previous: null,
  averages: {},
  packs: [],
  recoveries: 0,
  stops: 0,
  stopPreparing: () => set((state) => ({ stops: state.stops + 1 })),
  recover: () => set((state) => ({ recoveries: state.recoveries + 1, run: { phase: 'idle' } })),
});
