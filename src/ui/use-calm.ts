import { useEffect, useState } from 'react';
import type { StudioState } from '../store/state.ts';
import { useStudio } from '../store/studio.ts';

/**
 * Like `useStudio`, but with at most one new value in `ms`: for parts of the page that need not follow a drag in every frame.
 * @param select must be the same function at every call
 */
export function useCalm<T>(select: (state: StudioState) => T, ms = 150): T {
  const [shown, setShown] = useState(() => select(useStudio.getState()));
  useEffect(() => {
    let last = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      last = performance.now();
      setShown(() => select(useStudio.getState()));
    };
    const unsubscribe = useStudio.subscribe(() => {
      timer ??= setTimeout(show, Math.max(0, last + ms - performance.now()));
    });
    show();
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [select, ms]);
  return shown;
}
