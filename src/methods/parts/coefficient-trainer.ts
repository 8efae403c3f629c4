/** Adam on a handful of coefficients, with every intermediate state kept so that a slider can go back in time. */
import { adam } from './adam.ts';

export interface Trajectory {
  /** Coefficients after 0, 1 … `steps` updates. */
  readonly states: readonly Float64Array[];
  /** Loss that was measured at each state before its update, [steps]. */
  readonly losses: readonly number[];
}

export interface Training {
  readonly initial: Float64Array;
  readonly steps: number;
  /** Adam's step size. */
  readonly rate: number;
  /** Loss and its gradient at a state. */
  readonly differentiate: (
    state: Float64Array,
    step: number,
  ) => Promise<{ readonly loss: number; readonly gradient: Float64Array }>;
  /** Called before every step; a rejection ends the training. */
  readonly between: (step: number) => Promise<void>;
}

/** @throws Error when the loss is no longer a number; whatever `between` rejects with */
export async function trainCoefficients({
  initial,
  steps,
  rate,
  differentiate,
  between,
}: Training): Promise<Trajectory> {
  const states = [Float64Array.from(initial)];
  const losses: number[] = [];
  const move = adam(initial.length, rate);
  for (let step = 0; step < steps; step++) {
    await between(step);
    const state = states[step] as Float64Array;
    const { loss, gradient } = await differentiate(state, step);
    if (!Number.isFinite(loss))
      throw new Error(`the loss became ${loss} at step ${step} of ${steps}; a smaller learning rate may help`);
    losses.push(loss);
    const next = Float64Array.from(state);
    move(next, gradient);
    states.push(next);
  }
  return { states, losses };
}
