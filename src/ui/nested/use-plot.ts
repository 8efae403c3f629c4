import { type RefObject, useLayoutEffect, useState } from 'react';
import { namedCoefficients } from '../../store/point-recipe.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';

/** Pixels across of an element; 0 until it is laid out. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setWidth(element.current?.clientWidth ?? 0);
    measure();
    const observer = new ResizeObserver(measure);
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** The coefficients of the merge on the screen, as text so that only another merge draws anew. */
export function useCurrent(): readonly number[] | undefined {
  const text = useStudio((state) => {
    const { recipe } = state;
    return recipe ? JSON.stringify(namedCoefficients(recipe, selectSpace(state)).map(({ value }) => value)) : '';
  });
  return text === '' ? undefined : (JSON.parse(text) as number[]);
}
