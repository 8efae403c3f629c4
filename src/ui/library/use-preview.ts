import { useEffect, useRef } from 'react';
import { previewMethod } from '../../store/preview.ts';

/** Who only passes over an entry wants nothing measured. */
const REST_MS = 300;

/** Asks for the method that pointer or focus rests on to be measured; takes it back when they go, or the browser closes. */
export function usePreview(): { readonly rest: (id: string) => void; readonly leave: () => void } {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const leave = () => {
    clearTimeout(timer.current);
    previewMethod(undefined);
  };
  const rest = (id: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => previewMethod(id), REST_MS);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      previewMethod(undefined);
    },
    [],
  );
  return { rest, leave };
}
