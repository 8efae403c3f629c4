import { useMemo } from 'react';
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';

export interface Place {
  readonly area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Accuracies to pixels of the chart; what lies outside is set to the edge. */
  at(x: number, y: number): readonly [number, number];
}

/** Where accuracies lie in the chart; undefined before recharts has laid it out. */
export function usePlace(): Place | undefined {
  const area = usePlotArea();
  const toX = useXAxisScale();
  const toY = useYAxisScale();
  return useMemo(() => {
    if (!area || !toX || !toY) return undefined;
    const clamp = (value: number | undefined, low: number, size: number) =>
      Math.min(low + size, Math.max(low, value ?? low));
    return { area, at: (x, y) => [clamp(toX(x), area.x, area.width), clamp(toY(y), area.y, area.height)] };
  }, [area, toX, toY]);
}
