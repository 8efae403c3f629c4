import type { ReactNode } from 'react';
import { Icon } from '../icons.tsx';
import { NumberBox } from './number-box.tsx';
import { type Scale, stepped } from './scale.ts';
import { Slider } from './slider.tsx';

interface ControlRowProps {
  /** Accessible name of the slider. */
  readonly label: string;
  /** The same in words, for the number box and the step buttons. */
  readonly inWords: string;
  readonly title: ReactNode;
  readonly value: number;
  readonly scale: Scale;
  readonly colour?: string;
  /** Where merges were measured, for a coefficient that surrogates are fitted over. */
  readonly sampled?: readonly [number, number] | undefined;
  readonly onMove: (value: number, live: boolean) => void;
  readonly onReset?: () => void;
}

/** One coefficient or hyperparameter: its name, number and step buttons over its slider. */
export function ControlRow({ label, inWords, title, value, scale, colour, sampled, onMove, onReset }: ControlRowProps) {
  const set = (next: number) => onMove(next, false);
  return (
    <div className="control-row">
      <span className="control-title">{title}</span>
      <span className="control-number">
        <button
          type="button"
          className="step"
          aria-label={`lower ${inWords}`}
          disabled={value <= scale.min}
          onClick={() => set(stepped(scale, value, -1))}
        >
          <Icon name="minus" size={12} />
        </button>
        <NumberBox label={`${inWords} as a number`} value={value} scale={scale} onSet={set} />
        <button
          type="button"
          className="step"
          aria-label={`raise ${inWords}`}
          disabled={value >= scale.max}
          onClick={() => set(stepped(scale, value, 1))}
        >
          <Icon name="plus" size={12} />
        </button>
      </span>
      <Slider
        label={label}
        value={value}
        scale={scale}
        colour={colour}
        sampled={sampled}
        onMove={onMove}
        onReset={onReset ?? (() => set(scale.default))}
      />
    </div>
  );
}
