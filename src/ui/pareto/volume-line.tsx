interface VolumeLineProps {
  /** [merges so far, volume] in the order of measuring. */
  readonly history: readonly (readonly [number, number])[];
}

const WIDTH = 120;
const HEIGHT = 22;
const PAD = 2;

/** How the hypervolume grew with the measured merges. */
export function VolumeLine({ history }: VolumeLineProps) {
  const [first] = history;
  const last = history.at(-1);
  if (!first || !last || history.length < 2 || last[1] <= 0) return null;
  const x = (count: number) => PAD + ((count - first[0]) / (last[0] - first[0])) * (WIDTH - 2 * PAD);
  const y = (volume: number) => HEIGHT - PAD - (volume / last[1]) * (HEIGHT - 2 * PAD);
  const words = `Hypervolume over evaluations: ${first[1].toFixed(3)} after ${first[0]}, ${last[1].toFixed(3)} after ${last[0]} merges`;
  return (
    <svg className="volume-line" width={WIDTH} height={HEIGHT} role="img" aria-label={words}>
      <title>{words}</title>
      <polyline points={history.map(([count, volume]) => `${x(count).toFixed(1)},${y(volume).toFixed(1)}`).join(' ')} />
    </svg>
  );
}
