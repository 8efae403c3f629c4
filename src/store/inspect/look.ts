/** Where one is among what is inspected; kept while the panel is out of sight. */
import { create } from 'zustand';

export type Section = 'tensors' | 'network' | 'between' | 'lora';
export type Order = 'place' | 'change' | 'relative' | 'norm';

export interface Look {
  readonly section: Section;
  readonly tensor: string | null;
  readonly search: string;
  readonly order: Order;
  set(change: Partial<Pick<Look, 'section' | 'tensor' | 'search' | 'order'>>): void;
}

export const useLook = create<Look>()((set) => ({
  section: 'tensors',
  tensor: null,
  search: '',
  order: 'place',
  set: (change) => set(change),
}));
