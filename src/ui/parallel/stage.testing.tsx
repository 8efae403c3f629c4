/** Puts the plot on a page and keeps its brushes, floors and hovered line, as the store would. */

import '../tokens.css';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { ParallelPlot } from './parallel-plot.tsx';
import type { ParallelAxis, ParallelLine, ParallelPlotProps, Ranges } from './types.ts';

export const WIDTH = 640;

const coefficient = (name: string, expert: number): ParallelAxis => ({
  id: `coefficient.${name}`,
  name: `λ ${name}`,
  kind: 'coefficient',
  expert,
  domain: [0, 1],
  format: (value) => value.toFixed(2).replace(/^0/, ''),
});

const task = (name: string, expert: number): ParallelAxis => ({
  id: `task.${name}`,
  name,
  kind: 'task',
  expert,
  domain: [0.5, 1],
  format: (value) => `${(100 * value).toFixed(1)} %`,
});

export const axes = [coefficient('Digits', 0), coefficient('Letters', 1), task('Digits', 0), task('Letters', 1)];

/** A level line: the same share of every axis. */
export const level = (id: string, share: number, kind: ParallelLine['kind'] = 'measured'): ParallelLine => ({
  id,
  kind,
  values: axes.map(({ domain: [low, high] }) => low + share * (high - low)),
});

/** What the plot asked for last. */
export const asked: { brushes: Ranges; floors: ParallelPlotProps['floors']; hovered?: string; chosen: string[] } = {
  brushes: {},
  floors: {},
  chosen: [],
};

type Shown = Pick<ParallelPlotProps, 'lines'> & Partial<ParallelPlotProps>;

function Stage(props: Shown) {
  const [brushes, setBrushes] = useState(props.brushes ?? {});
  const [floors, setFloors] = useState(props.floors ?? {});
  const [hovered, setHovered] = useState<string | undefined>();
  Object.assign(asked, { brushes, floors, hovered });
  return (
    <ParallelPlot
      axes={axes}
      {...props}
      brushes={brushes}
      floors={floors}
      hovered={hovered}
      onBrush={(axis, range) => setBrushes((all) => put(all, axis, range))}
      onFloor={(axis, value) => setFloors((all) => put(all, axis, value))}
      onHover={setHovered}
      onChoose={(line) => asked.chosen.push(line)}
    />
  );
}

function put<T>(all: Readonly<Record<string, T>>, key: string, value: T | undefined): Readonly<Record<string, T>> {
  const { [key]: _, ...rest } = all;
  return value === undefined ? rest : { ...rest, [key]: value };
}

let root: Root | undefined;

/** Shows the plot; again to show it with other props. */
export function show(props: Shown): void {
  if (!root) {
    const place = document.createElement('div');
    place.style.width = `${WIDTH}px`;
    document.body.append(place);
    root = createRoot(place);
  }
  flushSync(() => root?.render(<Stage {...props} />));
}

export function clear(): void {
  root?.unmount();
  root = undefined;
  asked.chosen.length = 0;
  document.body.replaceChildren();
}
