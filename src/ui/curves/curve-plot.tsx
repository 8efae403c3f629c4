import { useRef } from 'react';
import { type Curves, FACTOR_SCALE, heightAt } from '../../store/curve-shapes.ts';
import { NumberBox } from '../controls/number-box.tsx';
import { spoken, stepped } from '../controls/scale.ts';
import { Icon } from '../icons.tsx';
import { useWidth } from '../use-width.ts';
import { CurveLine, type Frame, xOf, yOf } from './curve-line.tsx';
import { usePoints } from './use-points.ts';

const HEIGHT = 132;
const PAD = 14;

interface CurvePlotProps {
  readonly curves: Curves;
  /** Colour of each curve. */
  readonly colours: readonly string[];
  /** The curves that are edited, and how they are called together. */
  readonly whose: readonly number[];
  readonly owner: string;
  /** What each point stands for. */
  readonly names: readonly string[];
  readonly onMove: (curves: Curves, live: boolean) => void;
}

/** The curves over depth, with a handle at every point of those that are edited. */
export function CurvePlot({ curves, colours, whose, owner, names, onMove }: CurvePlotProps) {
  const box = useRef<HTMLFieldSetElement>(null);
  const frame: Frame = { width: useWidth(box), height: HEIGHT, pad: PAD };
  const { selected, band, setTo, plane, handle } = usePoints({ curves, whose, frame, onMove });
  const single = whose.length === 1 ? colours[whose[0] ?? 0] : undefined;
  const heights = names.map((_, k) => heightAt(curves, whose, k));
  const [first] = selected;
  const called = selected.length > 1 ? `${selected.length} points` : first === undefined ? '' : (names[first] ?? '');
  return (
    <div className="layer-plot">
      <fieldset className="curve-plane" ref={box} aria-label={`Factors over depth, ${owner}`}>
        {frame.width > 0 && (
          // The plane is for pointers: every handle on it has keys, and the number below the plot buttons.
          // biome-ignore lint/a11y/noSvgWithoutTitle: the field set around it has the name; a title would pop up while one drags.
          <svg width={frame.width} height={HEIGHT} {...plane}>
            {[0, 1, 2].map((level) => (
              <line
                key={level}
                x1={0}
                x2={frame.width}
                y1={yOf(level, frame)}
                y2={yOf(level, frame)}
                className={level === 1 ? 'level one' : 'level'}
              />
            ))}
            {band && <rect className="band" x={band[0]} width={band[1] - band[0]} y={0} height={HEIGHT} />}
            {curves.map((curve, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a curve is known by its expert's place, and nothing else.
              <g key={i} opacity={whose.includes(i) ? 1 : 0.35}>
                <CurveLine curve={curve} frame={frame} colour={colours[i] ?? 'var(--ink)'} />
              </g>
            ))}
            {heights.map((height, k) => (
              <g
                key={names[k]}
                role="slider"
                tabIndex={0}
                data-point={k}
                data-selected={selected.includes(k)}
                aria-label={`factor at ${names[k]}, ${owner}`}
                aria-orientation="vertical"
                aria-valuemin={FACTOR_SCALE.min}
                aria-valuemax={FACTOR_SCALE.max}
                aria-valuenow={height}
                aria-valuetext={spoken(FACTOR_SCALE, height)}
                onKeyDown={(event) => handle.onKeyDown(event, k)}
                onKeyUp={handle.onKeyUp}
                onBlur={handle.onBlur}
                onFocus={() => handle.onFocus(k)}
              >
                <circle cx={xOf(k, names.length, frame)} cy={yOf(height, frame)} r={12} className="reach" />
                <circle cx={xOf(k, names.length, frame)} cy={yOf(height, frame)} r={5} style={{ color: single }} />
              </g>
            ))}
          </svg>
        )}
      </fieldset>
      <div className="curve-ends hint" aria-hidden="true">
        <span>input</span>
        <span>×0 … ×2 over depth</span>
        <span>output</span>
      </div>
      <div className="curve-number">
        <span className="hint">{called || 'Click or drag a point; drag across to select several.'}</span>
        {first !== undefined && (
          <span className="control-number">
            <Step by={-1} value={heights[first] ?? 1} label={called} onSet={setTo} />
            <NumberBox
              label={`factor at ${called} as a number`}
              value={heights[first] ?? 1}
              scale={FACTOR_SCALE}
              onSet={setTo}
            />
            <Step by={1} value={heights[first] ?? 1} label={called} onSet={setTo} />
          </span>
        )}
      </div>
    </div>
  );
}

interface StepProps {
  readonly by: 1 | -1;
  readonly value: number;
  readonly label: string;
  readonly onSet: (value: number) => void;
}

function Step({ by, value, label, onSet }: StepProps) {
  return (
    <button
      type="button"
      className="step"
      aria-label={`${by > 0 ? 'raise' : 'lower'} factor at ${label}`}
      disabled={by > 0 ? value >= FACTOR_SCALE.max : value <= FACTOR_SCALE.min}
      onClick={() => onSet(stepped(FACTOR_SCALE, value, by))}
    >
      <Icon name={by > 0 ? 'plus' : 'minus'} size={12} />
    </button>
  );
}
