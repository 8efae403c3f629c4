import type { StateCreator } from 'zustand';
import type { PreviewSlice, StudioState } from './state.ts';

export const previewSlice: StateCreator<StudioState, [], [], PreviewSlice> = () => ({ preview: null, previews: {} });
