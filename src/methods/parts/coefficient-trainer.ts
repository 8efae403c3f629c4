/** Adam on a handful of coefficients, with every intermediate state kept so that a slider can go back in time. */

/** Kingma & Ba 2015, their defaults. */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

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
  const mean = new Float64Array(initial.length);
  const square = new Float64Array(initial.length);
  for (let step = 0; step < steps; step++) {
    await between(step);
    const state = states[step] as Float64Array;
    const { loss, gradient } = await differentiate(state, step);
    if (!Number.isFinite(loss))
      throw new Error(`the loss became ${loss} at step ${step} of ${steps}; a smaller learning rate may help`);
    losses.push(loss);
    // Moments start at zero; dividing by 1 − βᵏ makes up for it.
    const [correct1, correct2] = [1 - BETA1 ** (step + 1), 1 - BETA2 ** (step + 1)];
    states.push(
      state.map((value, i) => {
        const g = gradient[i] as number;
        const m = BETA1 * (mean[i] as number) + (1 - BETA1) * g;
        const v = BETA2 * (square[i] as number) + (1 - BETA2) * g * g;
        mean[i] = m;
        square[i] = v;
        return value - (rate * (m / correct1)) / (Math.sqrt(v / correct2) + EPSILON);
      }),
    );
  }
  return { states, losses };
}
