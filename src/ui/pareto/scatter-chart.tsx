import { memo } from 'react';
import { CartesianGrid, ScatterChart, XAxis, YAxis } from 'recharts';
import type { Unit } from '../../store/objectives.ts';
import { ComparisonLayer } from './comparison-layer.tsx';
import { FrontLayer } from './front-layer.tsx';
import { GenerationLayer } from './generation-layer.tsx';
import { Limits, Picks } from './limit-layers.tsx';
import type { Axis } from './plot-axis.ts';
import { PlotNamesContext, usePlacedNames } from './plot-names.ts';
import { PointLayer } from './point-layer.tsx';
import { PredictionLayer } from './prediction-layer.tsx';
import { PublishedLayer } from './published-layer.tsx';
import { ReferenceLayer } from './reference-layer.tsx';
import { StarLayer } from './star-layer.tsx';
import type { Plot } from './use-plot.ts';

const MARGIN = { top: 8, right: 16, bottom: 0, left: 0 };
const tick = { fill: 'var(--muted)', fontSize: 12 };
/** Ticks are round: percent without the sign, or as they are. */
const tickText = (unit: Unit) => (value: number) =>
  String(Number((unit === 'share' ? value * 100 : value).toPrecision(4)));

/** What has a name, and what lies between. */
function Layers({ plot }: { readonly plot: Plot }) {
  return (
    <PlotNamesContext value={usePlacedNames(plot)}>
      <PublishedLayer />
      <GenerationLayer />
      <FrontLayer />
      <ComparisonLayer plot={plot} />
      <ReferenceLayer />
      <Picks plot={plot} />
    </PlotNamesContext>
  );
}

/** recharts draws the axes; the marks are layers that read its scales, so that a drag redraws only the star. */
function Chart({ plot }: { readonly plot: Plot }) {
  const axis = ({ domain, ticks, reversed = false }: Axis, place: 0 | 1) => ({
    type: 'number' as const,
    domain: [...domain],
    ticks: [...ticks],
    interval: 0,
    reversed,
    tickFormatter: tickText(plot.goals[place]?.unit ?? 'share'),
    tick,
    tickLine: false,
    axisLine: { stroke: 'var(--faint)' },
    allowDataOverflow: true,
  });
  return (
    <ScatterChart responsive style={{ width: '100%', height: '100%' }} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid stroke="var(--hairline)" />
      <XAxis dataKey="x" height={20} {...axis(plot.x, 0)} />
      <YAxis dataKey="y" width={plot.goals[1]?.unit === 'plain' ? 48 : 32} {...axis(plot.y, 1)} />
      <PredictionLayer plot={plot} />
      <Limits plot={plot}>
        <PointLayer plot={plot} />
      </Limits>
      <Layers plot={plot} />
      <StarLayer />
    </ScatterChart>
  );
}

export default memo(Chart);
