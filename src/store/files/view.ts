/** What is shown of the open models: whether they fit, or what is in them. */
import { create } from 'zustand';
import { useLook } from '../inspect/look.ts';

export type FilesView = 'fit' | 'inspect';

export const useFilesView = create<{ readonly view: FilesView }>()(() => ({ view: 'fit' }));

export const showView = (view: FilesView): void => useFilesView.setState({ view });

/** The merge as an adapter of its base. */
export function showLora(): void {
  useLook.getState().set({ section: 'lora', change: {} });
  showView('inspect');
}
