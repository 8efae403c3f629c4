import { type CSSProperties, type KeyboardEvent, useEffect, useEffectEvent, useRef } from 'react';
import { clamp, dragged, place, type Scale, spoken, stepped } from './scale.ts';

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly scale: Scale;
  readonly colour?: string | undefined;
  /** Where merges were measured: the track is hatched beyond it. */
  readonly sampled?: readonly [number, number] | undefined;
  /** `live` while the movement goes on; the same value comes once more, not live, when it ends. */
  readonly onMove: (value: number, live: boolean) => void;
  readonly onReset: () => void;
}

const PAGE = 10;

function target(scale: Scale, value: number, key: string): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return stepped(scale, value, 1);
    case 'ArrowLeft':
    case 'ArrowDown':
      return stepped(scale, value, -1);
    case 'PageUp':
      return stepped(scale, value, PAGE);
    case 'PageDown':
      return stepped(scale, value, -PAGE);
    case 'Home':
      return scale.min;
    case 'End':
      return scale.max;
    default:
      return undefined;
  }
}

/** Pointer, keys and scripts all move the slider live and settle it once. */
function useMovement({ value, scale, onMove }: SliderProps) {
  const input = useRef<HTMLInputElement>(null);
  const hold = useRef<{ pointer: boolean; key: boolean; moved: number | null }>({
    pointer: false,
    key: false,
    moved: null,
  });

  const move = (next: number) => {
    hold.current.moved = next;
    onMove(next, true);
  };
  const settle = () => {
    hold.current.pointer = false;
    hold.current.key = false;
    const { moved } = hold.current;
    hold.current.moved = null;
    if (moved !== null) onMove(moved, false);
  };
  const settleUnlessHeld = useEffectEvent(() => {
    if (!hold.current.key) settle();
  });
  // React's onChange is the input event: the end of a drag is told only by the native change event.
  useEffect(() => {
    const element = input.current;
    const listener = () => settleUnlessHeld();
    element?.addEventListener('change', listener);
    return () => element?.removeEventListener('change', listener);
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = target(scale, value, event.key);
    if (next === undefined) return;
    event.preventDefault();
    hold.current.key = true;
    move(next);
  };
  const onPointerDown = () => {
    hold.current.pointer = true;
  };
  const take = (raw: number) => move(hold.current.pointer ? dragged(scale, raw) : clamp(scale, raw));
  return { input, take, handlers: { onKeyDown, onPointerDown, onPointerUp: settle, onKeyUp: settle, onBlur: settle } };
}

/** A stretch of the track where no merge was measured, from and to in shares of it. */
function Beyond({ from, to }: { readonly from: number; readonly to: number }) {
  if (to <= from) return null;
  return <i className="beyond" style={{ '--begin': from, '--end': to } as CSSProperties} />;
}

/** A native range input with a coloured track from its zero, and marks at the values worth stopping at. */
export function Slider(props: SliderProps) {
  const { label, value, scale, colour, sampled, onReset } = props;
  const { input, take, handlers } = useMovement(props);
  const zero = place(scale, Math.max(0, scale.min));
  const at = place(scale, value);
  const outside = sampled !== undefined && (value < sampled[0] || value > sampled[1]);
  const style = {
    '--from': Math.min(zero, at),
    '--to': Math.max(zero, at),
    '--colour': colour ?? 'var(--ink)',
  } as CSSProperties;
  return (
    <span className="slider" style={style}>
      {sampled && <Beyond from={0} to={place(scale, sampled[0])} />}
      {sampled && <Beyond from={place(scale, sampled[1])} to={1} />}
      {scale.snaps?.map((snap) => (
        <i key={snap} className="snap" style={{ '--at': place(scale, snap) } as CSSProperties} />
      ))}
      <input
        ref={input}
        type="range"
        aria-label={label}
        aria-valuetext={outside ? `${spoken(scale, value)}, beyond what was measured` : spoken(scale, value)}
        min={scale.min}
        max={scale.max}
        // Exact values (a clicked point's) must survive: the grid is applied by us, not by the browser.
        step="any"
        value={value}
        onChange={(event) => take(event.currentTarget.valueAsNumber)}
        onDoubleClick={onReset}
        {...handlers}
      />
    </span>
  );
}
