import { useLayoutEffect, useMemo, useRef } from 'react';
import type { ParallelPlotProps } from './types.ts';

type Actions = Pick<ParallelPlotProps, 'onBrush' | 'onFloor'>;

/** The same functions at every call, however often the caller makes its own anew: axes that stay are not rendered again. */
export function useActions(props: Actions): Actions {
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  return useMemo(
    () => ({
      onBrush: (axis, range) => latest.current.onBrush(axis, range),
      onFloor: (axis, value) => latest.current.onFloor(axis, value),
    }),
    [],
  );
}
