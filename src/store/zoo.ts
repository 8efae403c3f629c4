import type { StateCreator } from 'zustand';
import type { StudioState, ZooSlice } from './state.ts';

export const zooSlice: StateCreator<StudioState, [], [], ZooSlice> = () => ({
  card: null,
  zoo: { phase: 'loading', received: 0, total: 0 },
  device: null,
});
