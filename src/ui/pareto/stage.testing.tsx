/** A front of known shape over two tasks, and what a user does with its plot. */
import { userEvent } from 'vitest/browser';
import { useStudio } from '../../store/studio.ts';
import { find, pointOf, recipeWith, scoresOf } from '../charts/stage.testing.tsx';

const N = 100;

/** A merge with these accuracies on the axes of the stage: the third and the fourth task of the opening. */
function at(x: number, y: number, lambda: number) {
  const scores = scoresOf(N, 0.9, 0.8, x, y);
  return pointOf(recipeWith(0.3, 0.3, lambda, 1 - lambda), scores, scores, [0.3, 0.3, lambda, 1 - lambda]);
}

/** From the best of one task to the best of the other, a merge in between, and one that is beaten. */
export const front = [at(0.9, 0.5, 0.9), at(0.8, 0.8, 0.5), at(0.5, 0.9, 0.1), at(0.6, 0.6, 0.4)];
export const [FIRST, EVEN, LAST, BEATEN] = front.map(({ mergeId }) => mergeId);

export const press = async (selector: string, keys: string): Promise<void> => {
  const element = find(selector);
  element.focus();
  await userEvent.keyboard(keys);
};

export const limits = () => {
  const { floors, brushes } = useStudio.getState();
  return { floors, brushes };
};

/** Ids of the points that brushes or floors leave out. */
export const greyed = (): readonly string[] =>
  [...document.querySelectorAll<SVGElement>('[data-point].out')].map(({ dataset }) => dataset.point ?? '');

/** Drags from one place of the page to another. */
export async function drag(target: Element, from: readonly [number, number], to: readonly [number, number]) {
  const at = ([clientX, clientY]: readonly [number, number], buttons: number) => ({
    clientX,
    clientY,
    buttons,
    bubbles: true,
    pointerId: 1,
    isPrimary: true,
  });
  // A real pointer, so that it can be captured, is not at hand: the events say the same.
  const capture = Element.prototype.setPointerCapture;
  Element.prototype.setPointerCapture = () => {};
  target.dispatchEvent(new PointerEvent('pointerdown', at(from, 1)));
  const half = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const;
  for (const place of [half, to]) target.dispatchEvent(new PointerEvent('pointermove', at(place, 1)));
  target.dispatchEvent(new PointerEvent('pointerup', at(to, 0)));
  Element.prototype.setPointerCapture = capture;
  await new Promise((done) => requestAnimationFrame(done));
}
