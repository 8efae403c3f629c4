/** Keys that work anywhere on the page, except while text is being typed. */
import { useEffect, useEffectEvent } from 'react';
import { useStudio } from '../../store/studio.ts';
import { neighbour } from '../ingredients/methods.ts';

const textTypes = new Set(['text', 'search', 'number', 'url', 'email', 'password', 'tel']);

/** Where letters are text, and Ctrl+Z takes back typing. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return textTypes.has(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}

function undoOrRedo(event: KeyboardEvent): 'undo' | 'redo' | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
  return key === 'y' ? 'redo' : undefined;
}

interface SheetOpeners {
  readonly onMethods: () => void;
  readonly onHelp: () => void;
}

export function useShortcuts({ onMethods, onHelp }: SheetOpeners): void {
  const chooseNeighbour = (by: 1 | -1) => {
    const { recipe, chooseMethod } = useStudio.getState();
    const id = recipe && neighbour(recipe, by);
    if (id) chooseMethod(id);
  };
  const measure = () => {
    const { search, measurePoints, resumeMeasuring } = useStudio.getState();
    if (search.phase === 'paused') resumeMeasuring();
    else if (search.phase !== 'measuring') measurePoints();
  };
  const actions: Readonly<Record<string, () => void>> = {
    '/': onMethods,
    '?': onHelp,
    '[': () => chooseNeighbour(-1),
    ']': () => chooseNeighbour(1),
    f: measure,
    p: () => useStudio.getState().pinCurrent(),
    l: () => useStudio.getState().openBoard(true),
  };
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isTyping(event.target) || document.querySelector('dialog[open]')) return;
    const direction = undoOrRedo(event);
    // Letters look for an option in a list that has the focus.
    // No method can be chosen for merges that were made elsewhere, and nothing measured.
    const { elsewhere, files } = useStudio.getState();
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !(event.target instanceof HTMLSelectElement);
    const action = direction ? useStudio.getState()[direction] : plain ? actions[event.key.toLowerCase()] : undefined;
    if ((files || (elsewhere && !direction)) && event.key !== '?') return;
    if (!action || !useStudio.getState().recipe) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, []);
}
