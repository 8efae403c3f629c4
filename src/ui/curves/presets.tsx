import { CURVE_PRESETS, type CurvePreset, type Curves, hasPreset, withPreset } from '../../store/curve-shapes.ts';
import { CurveLine, type Frame } from './curve-line.tsx';

const FRAME: Frame = { width: 36, height: 24, pad: 4 };
const GROUPS = ['attention', 'mlp', 'norm', 'embedding'] as const;

/** A preset drawn by the code that draws the curves; one that only has factors of groups as their bars. */
function Picture({ preset, points }: { readonly preset: CurvePreset; readonly points: number }) {
  const curve = preset.make(points);
  const byGroup = GROUPS.some((group) => curve.groups[group] !== 1);
  return (
    <svg width={FRAME.width} height={FRAME.height} aria-hidden="true">
      {byGroup ? (
        GROUPS.map((group, i) => {
          const height = Math.max(1.5, curve.groups[group] * 14);
          return <rect key={group} x={6 + i * 7} y={20 - height} width={4} height={height} fill="currentColor" />;
        })
      ) : (
        <CurveLine curve={curve} frame={FRAME} colour="currentColor" />
      )}
    </svg>
  );
}

interface PresetsProps {
  readonly curves: Curves;
  readonly whose: readonly number[];
  readonly onChoose: (curves: Curves) => void;
}

/** Shapes to begin with. */
export function Presets({ curves, whose, onChoose }: PresetsProps) {
  const points = curves[0]?.points.length ?? 1;
  return (
    <ul className="curve-presets" aria-label="Shapes">
      {CURVE_PRESETS.map((preset) => (
        <li key={preset.name}>
          <button
            type="button"
            aria-label={preset.name}
            title={preset.name}
            aria-pressed={hasPreset(curves, whose, preset)}
            onClick={() => onChoose(withPreset(curves, whose, preset))}
          >
            <Picture preset={preset} points={points} />
          </button>
        </li>
      ))}
    </ul>
  );
}
