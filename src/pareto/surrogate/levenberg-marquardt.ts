/**
 * Levenberg–Marquardt as MINPACK's `lmder` does it (Moré 1978, "The Levenberg–Marquardt algorithm: implementation and theory"),
 * which is what SciPy's `curve_fit` calls: steps inside a scaled trust region, whose size follows how well the linear model
 * foretold the gain. Normal equations in place of its QR factorisation; tolerances and budget are SciPy's defaults.
 */
import { dot, forward, type Sums, solve } from './regression.ts';

export interface LeastSquares {
  /** Σ r² at x; may be infinite or NaN. */
  error(x: Float64Array): number;
  /** JᵀJ as `gram` and Jᵀr as `moment` at x, r being wanted minus got. */
  linearised(x: Float64Array): Sums;
}

export interface Descent {
  readonly x: Float64Array;
  readonly error: number;
  /** As SciPy counts them: p for each Jacobian, which it takes from differences. */
  readonly evaluations: number;
  /** Whether the error or x stopped changing before the evaluations were used up. */
  readonly converged: boolean;
}

/** Relative changes of error and of x at which it stops. */
const TOLERANCE = 1.49012e-8;
const FIRST_RADIUS = 100;
const EVALUATIONS_PER_UNKNOWN = 200;
/** Least share of the foretold gain for which a step is taken. */
const LEAST_RATIO = 1e-4;
/** Gain of a step after which the error is a hundred times what it was, or not finite. */
const FAR_WORSE = -1;

export function levenbergMarquardt(problem: LeastSquares, start: Float64Array): Descent {
  const p = start.length;
  const scale = new Float64Array(p);
  let x = start;
  let error = problem.error(x);
  let [radius, damping, evaluations] = [0, 0, 1];
  const stop = (converged: boolean): Descent => ({ x, error, evaluations, converged });
  for (let first = true; ; first = false) {
    const sums = problem.linearised(x);
    evaluations += p;
    growScale(scale, sums);
    if (first) radius = FIRST_RADIUS * (scaledNorm(x, scale) || 1);
    if (error === 0 || sums.moment.every((slope) => slope === 0)) return stop(true);
    for (let ratio = 0; ratio < LEAST_RATIO; ) {
      const step = stepWithin(sums, scale, radius, damping);
      damping = step.damping;
      const length = scaledNorm(step.step, scale);
      if (first) radius = Math.min(radius, length);
      const next = x.map((value, i) => value + (step.step[i] ?? 0));
      const nextError = problem.error(next);
      evaluations++;
      const gain = nextError < 100 * error ? 1 - nextError / error : FAR_WORSE;
      const linear = quadraticForm(sums, step.step) / error;
      const damped = (damping * length ** 2) / error;
      const foretold = linear + 2 * damped;
      ratio = foretold > 0 ? gain / foretold : 0;
      [radius, damping] = resized({ radius, damping, length, ratio, gain, slope: -(linear + damped) });
      if (ratio >= LEAST_RATIO) [x, error] = [next, nextError];
      const settled = Math.abs(gain) <= TOLERANCE && foretold <= TOLERANCE && ratio <= 2;
      if (settled || radius <= TOLERANCE * scaledNorm(x, scale)) return stop(Number.isFinite(error));
      if (!(evaluations < EVALUATIONS_PER_UNKNOWN * (p + 1)) || !Number.isFinite(radius)) return stop(false);
    }
  }
}

interface Trial {
  readonly radius: number;
  readonly damping: number;
  /** Of the step, scaled. */
  readonly length: number;
  /** Gain over the gain that the linear model foretold. */
  readonly ratio: number;
  readonly gain: number;
  /** Of the squared error along the step, relative to it. */
  readonly slope: number;
}

/** MINPACK's rule: a smaller region after a step that kept less than a quarter of its promise, twice the step after a good one. */
function resized({ radius, damping, length, ratio, gain, slope }: Trial): [radius: number, damping: number] {
  if (ratio <= 0.25) {
    const cut = gain >= 0 ? 0.5 : (0.5 * slope) / (slope + 0.5 * gain);
    const factor = gain !== FAR_WORSE && cut >= 0.1 ? cut : 0.1;
    return [factor * Math.min(radius, length / 0.1), damping / factor];
  }
  return damping === 0 || ratio >= 0.75 ? [2 * length, damping / 2] : [radius, damping];
}

/** Column norms of J, the largest so far; 1 for a column without any slope. */
function growScale(scale: Float64Array, { gram, p }: Sums): void {
  for (let i = 0; i < p; i++) {
    const norm = Math.sqrt(gram[i * (p + 1)] ?? 0);
    scale[i] = scale[i] === 0 && norm === 0 ? 1 : Math.max(scale[i] ?? 0, norm);
  }
}

interface Step {
  readonly step: Float64Array;
  readonly damping: number;
}

/** (JᵀJ + damping·D²)⁻¹Jᵀr with the damping for which its scaled length is the radius within a tenth; none if it is shorter. */
function stepWithin(sums: Sums, scale: Float64Array, radius: number, before: number): Step {
  let [low, high] = [
    0,
    scaledNorm(
      sums.moment,
      scale.map((value) => 1 / value),
    ) / radius,
  ];
  const undamped = damped(sums, scale, 0);
  if (undamped) {
    const excess = scaledNorm(undamped.beta, scale) - radius;
    if (excess <= 0.1 * radius) return { step: undamped.beta, damping: 0 };
    low = excess / radius / steepness(undamped, scale);
  }
  let damping = Math.min(Math.max(before, low), high) || high;
  let step: Float64Array = new Float64Array(sums.p);
  for (let iteration = 0; iteration < 10; iteration++) {
    damping = Math.max(damping, high * 1e-3, Number.MIN_VALUE);
    const solution = damped(sums, scale, damping);
    if (!solution) {
      damping *= 10;
      continue;
    }
    step = solution.beta;
    const excess = scaledNorm(step, scale) - radius;
    if (Math.abs(excess) <= 0.1 * radius) break;
    if (excess > 0) low = Math.max(low, damping);
    else high = Math.min(high, damping);
    damping = Math.max(low, damping + excess / radius / steepness(solution, scale));
  }
  return { step, damping };
}

type Solution = ReturnType<typeof solve>;

function damped(sums: Sums, scale: Float64Array, damping: number): Solution | undefined {
  const gram = sums.gram.slice();
  for (let i = 0; i < sums.p; i++) {
    gram[i * (sums.p + 1)] = (gram[i * (sums.p + 1)] ?? 0) + damping * (scale[i] ?? 1) ** 2;
  }
  try {
    return solve({ ...sums, gram }, 0);
  } catch {
    // Rounding or too few points leave no positive pivot: more damping does.
    return undefined;
  }
}

/** How fast the scaled length falls with the damping, relative to itself: ‖L⁻¹D²s‖²/‖Ds‖². */
function steepness({ beta, factor }: Solution, scale: Float64Array): number {
  const direction = forward(
    factor,
    beta.map((value, i) => value * (scale[i] ?? 1) ** 2),
  );
  return dot(direction, direction) / scaledNorm(beta, scale) ** 2;
}

/** sᵀJᵀJs, from the lower triangle. */
function quadraticForm({ gram, p }: Sums, s: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) sum += (i === j ? 1 : 2) * (s[i] ?? 0) * (s[j] ?? 0) * (gram[i * p + j] ?? 0);
  }
  return Math.max(0, sum);
}

function scaledNorm(x: Float64Array, scale: Float64Array): number {
  const scaled = x.map((value, i) => value * (scale[i] ?? 1));
  return Math.sqrt(dot(scaled, scaled));
}
