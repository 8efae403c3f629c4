import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useStudio } from '../../store/studio.ts';
import { Icon } from '../icons.tsx';

interface OrderHandleProps {
  readonly id: string;
  readonly name: string;
  /** Counted from 0. */
  readonly place: number;
  readonly onGrab: (event: PointerEvent<HTMLElement>) => void;
}

/** Grip of an expert whose place in the order counts: dragged, or moved by the arrow keys. */
export function OrderHandle({ id, name, place, onGrab }: OrderHandleProps) {
  const moveExpert = useStudio((state) => state.moveExpert);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const { currentTarget } = event;
    moveExpert(id, place + by);
    // A row that moves in the list loses the focus.
    requestAnimationFrame(() => currentTarget.focus());
  };
  return (
    <button
      type="button"
      className="order-handle"
      aria-label={`Place of ${name} in the order: ${place + 1}`}
      title="Drag, or press ↑ ↓"
      onPointerDown={onGrab}
      onKeyDown={onKeyDown}
    >
      <Icon name="grip" size={14} />
      {place + 1}
    </button>
  );
}

/** Follows a grabbed expert: it takes the place of the row that the pointer is over when it is let go. */
export function useOrder() {
  const list = useRef<HTMLUListElement>(null);
  const [grabbed, setGrabbed] = useState<string | null>(null);
  const moveExpert = useStudio((state) => state.moveExpert);
  const grab = (id: string, { currentTarget, pointerId }: PointerEvent<HTMLElement>) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-ordered]') ?? [])];
    const middles = rows.map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2;
    });
    const from = rows.findIndex((row) => row.dataset.expert === id);
    currentTarget.setPointerCapture(pointerId);
    setGrabbed(id);
    const onUp = ({ clientY, type }: globalThis.PointerEvent) => {
      setGrabbed(null);
      currentTarget.removeEventListener('pointerup', onUp);
      currentTarget.removeEventListener('pointercancel', onUp);
      const above = middles.filter((middle, i) => i !== from && middle < clientY).length;
      if (type === 'pointerup' && above !== from) moveExpert(id, above);
    };
    currentTarget.addEventListener('pointerup', onUp);
    currentTarget.addEventListener('pointercancel', onUp);
  };
  return { list, grabbed, grab };
}
