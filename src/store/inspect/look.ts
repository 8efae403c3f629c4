/** Where one is among what is inspected; kept while the panel is out of sight. */
import { create } from 'zustand';
import type { LoraChange } from './subject.ts';

export type Section = 'tensors' | 'network' | 'between' | 'lora';
export type Order = 'place' | 'change' | 'relative' | 'norm';

export interface Look {
  readonly section: Section;
  readonly tensor: string | null;
  readonly search: string;
  readonly order: Order;
  /** Which change is looked at as a LoRA; what is not said is the merge's, from the base. */
  readonly change: Partial<LoraChange>;
  set(change: Partial<Omit<Look, 'set'>>): void;
}

export const useLook = create<Look>()((set) => ({
  section: 'tensors',
  tensor: null,
  search: '',
  order: 'place',
  change: {},
  set: (change) => set(change),
}));
