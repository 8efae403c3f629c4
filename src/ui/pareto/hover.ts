import { createContext } from 'react';
import type { PlotPoint } from '../../store/plotted.ts';
import type { Predicted } from './use-plot.ts';

/** What the pointer or the keyboard is on. */
export type Target =
  | { readonly kind: 'measured'; readonly plotted: PlotPoint /** Name of its comparison. */; readonly set?: string }
  | { readonly kind: 'predicted'; readonly predicted: Predicted };

export interface Hover {
  readonly target: Target | undefined;
  setTarget(target: Target | undefined): void;
  /** Sets the sliders to the target. */
  adopt(target: Target): void;
}

/** Read by the layers inside the chart, so that hovering redraws a mark and not the chart. */
export const HoverContext = createContext<Hover>({ target: undefined, setTarget: () => {}, adopt: () => {} });
