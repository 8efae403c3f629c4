/** Adam on float64 vectors (Kingma & Ba 2015, with their defaults), and a plain descent with it. */

const BETA1 = 0.9;
const BETA2 = 0.999;
/** Added to the root of the second moment: entries whose gradient is much smaller hardly move. */
const EPSILON = 1e-8;

/** Moves `state` in place by one step against the gradient. */
export type Step = (state: Float64Array, gradient: Float64Array) => void;

/** @param rate step size: the first step moves every entry by about as much */
export function adam(length: number, rate: number, epsilon = EPSILON): Step {
  const mean = new Float64Array(length);
  const square = new Float64Array(length);
  let step = 0;
  return (state, gradient) => {
    step++;
    // Moments start at zero; dividing by 1 − βᵏ makes up for it.
    const [correct1, correct2] = [1 - BETA1 ** step, 1 - BETA2 ** step];
    for (let i = 0; i < length; i++) {
      // In range: all four arrays have this length.
      const g = gradient[i] as number;
      const m = BETA1 * (mean[i] as number) + (1 - BETA1) * g;
      const v = BETA2 * (square[i] as number) + (1 - BETA2) * g * g;
      mean[i] = m;
      square[i] = v;
      state[i] = (state[i] as number) - (rate * (m / correct1)) / (Math.sqrt(v / correct2) + epsilon);
    }
  };
}

export interface Descent {
  readonly initial: Float64Array;
  readonly steps: number;
  readonly rate: number;
  /** In units of the gradient. */
  readonly epsilon: number;
  readonly gradient: (state: Float64Array) => Float64Array;
  /** Lets messages in; a rejection ends the descent. */
  readonly breathe: () => Promise<void>;
}

/** In a browser a breath costs four milliseconds; this many steps on one matrix take some tens. */
const STEPS_PER_BREATH = 50;

/** The state after all steps of Adam. @throws Error when it is no longer made of numbers; whatever `breathe` rejects with */
export async function descend({ initial, steps, rate, epsilon, gradient, breathe }: Descent): Promise<Float64Array> {
  const state = Float64Array.from(initial);
  const move = adam(state.length, rate, epsilon);
  for (let step = 0; step < steps; step++) {
    if (step % STEPS_PER_BREATH === STEPS_PER_BREATH - 1) await breathe();
    move(state, gradient(state));
  }
  if (!state.every(Number.isFinite))
    throw new Error(`after ${steps} steps a weight is no number; a smaller learning rate may help`);
  return state;
}

/** Root mean square of all entries of several vectors: the unit in which step sizes are told. */
export function rootMeanSquare(vectors: readonly Float32Array[]): number {
  let [squares, count] = [0, 0];
  for (const vector of vectors) {
    for (const value of vector) squares += value * value;
    count += vector.length;
  }
  return count > 0 ? Math.sqrt(squares / count) : 0;
}
