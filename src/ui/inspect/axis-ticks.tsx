interface AxisTicksProps {
  readonly ticks: readonly {
    /** Share of the chart's height, from above. */
    readonly at: number;
    readonly text: string;
  }[];
}

/** Values along the left of a chart, which its text tells to those who do not see it. */
export function AxisTicks({ ticks }: AxisTicksProps) {
  return (
    <ol className="axis-ticks" aria-hidden="true">
      {ticks.map(({ at, text }) => (
        <li key={text} style={{ top: `${100 * at}%` }}>
          {text}
        </li>
      ))}
    </ol>
  );
}
