import { memo } from 'react';
import { CartesianGrid, ScatterChart, XAxis, YAxis } from 'recharts';
import { FrontLayer } from './front-layer.tsx';
import { Limits, Picks } from './limit-layers.tsx';
import type { Axis } from './plot-axis.ts';
import { PointLayer } from './point-layer.tsx';
import { ReferenceLayer } from './reference-layer.tsx';
import { StarLayer } from './star-layer.tsx';
import type { Plot } from './use-plot.ts';

const MARGIN = { top: 8, right: 16, bottom: 0, left: 0 };
const tick = { fill: 'var(--muted)', fontSize: 12 };
const percent = (share: number) => `${Math.round(share * 100)}`;

/** recharts draws the axes; the marks are layers that read its scales, so that a drag redraws only the star. */
function Chart({ plot }: { readonly plot: Plot }) {
  const axis = ({ domain, ticks }: Axis) => ({
    type: 'number' as const,
    domain: [...domain],
    ticks: [...ticks],
    interval: 0,
    tickFormatter: percent,
    tick,
    tickLine: false,
    axisLine: { stroke: 'var(--faint)' },
    allowDataOverflow: true,
  });
  return (
    <ScatterChart responsive style={{ width: '100%', height: '100%' }} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid stroke="var(--hairline)" />
      <XAxis dataKey="x" height={20} {...axis(plot.x)} />
      <YAxis dataKey="y" width={32} {...axis(plot.y)} />
      <Limits plot={plot}>
        <PointLayer plot={plot} />
      </Limits>
      <FrontLayer pair={plot.pair} />
      <ReferenceLayer references={plot.references} />
      <Picks plot={plot} />
      <StarLayer pair={plot.pair} />
    </ScatterChart>
  );
}

export default memo(Chart);
