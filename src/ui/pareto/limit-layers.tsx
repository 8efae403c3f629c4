import type { ReactNode } from 'react';
import { BoxLayer } from './box-layer.tsx';
import { FloorLayer } from './floor-layer.tsx';
import { useGoalAxes } from './goal-axis.ts';
import { PickLayer } from './pick-layer.tsx';
import { usePlace } from './use-place.ts';
import type { Plot } from './use-plot.ts';
import { WishLayer } from './wish-layer.tsx';

/** Brushing, around the points that the pointer also finds, and the floors above them. */
export function Limits({ plot, children }: { readonly plot: Plot; readonly children: ReactNode }) {
  const place = usePlace();
  const axes = useGoalAxes(plot);
  if (!place) return null;
  return (
    <>
      <BoxLayer axes={axes} place={place}>
        {children}
      </BoxLayer>
      <FloorLayer axes={axes} place={place} />
    </>
  );
}

/** What the rules choose, and what is wished. */
export function Picks({ plot }: { readonly plot: Plot }) {
  const place = usePlace();
  const axes = useGoalAxes(plot);
  if (!place) return null;
  return (
    <>
      <PickLayer axes={axes} />
      <WishLayer axes={axes} place={place} />
    </>
  );
}
