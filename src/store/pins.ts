/** Results that are pinned to compare with: A, and a second one as B. No part of the recipe or its link. */
import catalogue from 'virtual:catalogue';
import type { StateCreator } from 'zustand';
import { memo } from './memo.ts';
import { selectMergeId } from './selectors.ts';
import type { Measurement, ParetoPoint, StudioState } from './state.ts';

export type PinName = 'a' | 'b';

/** A measured merge of the zoo. */
export type Pin = Pick<Measurement, 'mergeId' | 'recipe' | 'test'>;
export type Pins = Readonly<Record<PinName, Pin | null>>;

export interface PinSlice {
  readonly pins: Pins;
  pin(name: PinName, merge: Pin | null): void;
  /** Pins what is on the screen as A, once it is measured; unpins it where it is A already. */
  pinCurrent(): void;
  /** A and B change places; without a B, A and the merge on the screen do. */
  swapPins(): void;
}

export const PIN_LETTERS: Readonly<Record<PinName, string>> = { a: 'A', b: 'B' };

export const NO_PINS: Pins = { a: null, b: null };

/** The measured merge on the screen; null while its numbers are not its own. */
export function selectPinnable(state: StudioState): Measurement | null {
  const { measurement, elsewhere } = state;
  return measurement && !elsewhere && measurement.mergeId === selectMergeId(state) ? measurement : null;
}

export const pinSlice: StateCreator<StudioState, [], [], PinSlice> = (set, get) => ({
  pins: NO_PINS,
  pin: (name, merge) => set(({ pins }) => ({ pins: closed({ ...pins, [name]: merge && trimmed(merge) }) })),
  pinCurrent: () => {
    const state = get();
    const current = selectPinnable(state);
    if (!current) return;
    state.pin('a', state.pins.a?.mergeId === current.mergeId ? null : current);
  },
  swapPins: () => {
    const state = get();
    const { a, b } = state.pins;
    const current = selectPinnable(state);
    if (b) return set({ pins: { a: b, b: a } });
    if (!a || !current) return;
    state.pin('a', current);
    state.adopt(a.recipe);
  },
});

/** A point of the Pareto plot as a pin; undefined where only values are known of it, no counts of answers. */
export function pinOf({ mergeId, recipe, test }: ParetoPoint): Pin | undefined {
  const counts = recipe.experts.flatMap((task) => {
    const score = test[task];
    return score && 'correct' in score ? [[task, { correct: score.correct, n: score.n }] as const] : [];
  });
  return counts.length === recipe.experts.length ? { mergeId, recipe, test: Object.fromEntries(counts) } : undefined;
}

/** What the merge on the screen is compared with: A or, while A itself is on the screen, B. */
export function selectReference(state: StudioState): { readonly name: PinName; readonly pin: Pin } | null {
  const { a, b } = state.pins;
  const id = selectMergeId(state);
  return id === null || state.elsewhere ? null : a?.mergeId !== id ? a && selectA(a) : b && selectB(b);
}

const selectA = pair('a');
const selectB = pair('b');

/** The same object for the same pin. */
function pair(name: PinName) {
  return memo(
    (pin: Pin) => [pin],
    (pin) => ({ name, pin }),
  );
}

/** Without an A there is no B: it takes its place. */
const closed = ({ a, b }: Pins): Pins => (a ? { a, b } : { a: b, b: null });

const trimmed = ({ mergeId, recipe, test }: Pin): Pin => ({ mergeId, recipe, test });

/** Pins that were kept from an older studio may be of a method that is gone. */
export function knownPins({ a, b }: Pins): Pins {
  const known = (pin: Pin | null) =>
    pin?.recipe.chain.every(({ method }) => catalogue.methods.some(({ id }) => id === method)) ? pin : null;
  return closed({ a: known(a), b: known(b) });
}
