import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Box } from './layout.ts';

/** Width of the outer element and height of the inner one, which may be wider than what is seen of it. */
export function useBox(outer: RefObject<HTMLElement | null>, inner: RefObject<HTMLElement | null>): Box | undefined {
  const [box, setBox] = useState<Box>();
  useLayoutEffect(() => {
    const measure = () => {
      const width = outer.current?.clientWidth ?? 0;
      const height = inner.current?.clientHeight ?? 0;
      if (width === 0 || height === 0) return;
      setBox((last) => (last?.width === width && last.height === height ? last : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    if (outer.current) observer.observe(outer.current);
    if (inner.current) observer.observe(inner.current);
    return () => observer.disconnect();
  }, [outer, inner]);
  return box;
}
