import { memo } from 'react';
import { CartesianGrid, ScatterChart, XAxis, YAxis } from 'recharts';
import { type TaskMetric, written } from '../../store/metrics.ts';
import { FrontLayer } from './front-layer.tsx';
import type { Axis } from './plot-axis.ts';
import { PointLayer } from './point-layer.tsx';
import { ReferenceLayer } from './reference-layer.tsx';
import { StarLayer } from './star-layer.tsx';
import type { Plot } from './use-plot.ts';

const MARGIN = { top: 8, right: 16, bottom: 0, left: 0 };
const tick = { fill: 'var(--muted)', fontSize: 12 };
/** Without the decimals that no tick needs. */
const short = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** recharts draws the axes; the marks are layers that read its scales, so that a drag redraws only the star. */
function Chart({ plot }: { readonly plot: Plot }) {
  const axis = ({ domain, ticks }: Axis, metric: TaskMetric) => ({
    type: 'number' as const,
    domain: [...domain],
    ticks: [...ticks],
    interval: 0,
    tickFormatter: (value: number) => short(written(metric, value)),
    tick,
    tickLine: false,
    axisLine: { stroke: 'var(--faint)' },
    allowDataOverflow: true,
  });
  return (
    <ScatterChart responsive style={{ width: '100%', height: '100%' }} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid stroke="var(--hairline)" />
      <XAxis dataKey="x" height={20} {...axis(plot.x, plot.metrics[0])} />
      <YAxis dataKey="y" width={plot.metrics[1].share ? 32 : 48} {...axis(plot.y, plot.metrics[1])} />
      <PointLayer plot={plot} />
      <FrontLayer />
      <ReferenceLayer references={plot.references} />
      <StarLayer pair={plot.pair} />
    </ScatterChart>
  );
}

export default memo(Chart);
