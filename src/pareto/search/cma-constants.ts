/** Strategy parameters of CMA-ES (Hansen 2016, arXiv 1604.00772), with pycma's defaults where the two differ. */

export interface Strategy {
  /** λ */
  readonly offspring: number;
  /** μ: how many of them have positive weight. */
  readonly parents: number;
  /** wᵢ of all λ by rank: the first μ sum to 1, the others are negative or, without active adaptation, 0. */
  readonly weights: Float64Array;
  /** μ_eff of the positive weights. */
  readonly muEff: number;
  readonly cSigma: number;
  readonly dSigma: number;
  readonly cC: number;
  readonly c1: number;
  readonly cMu: number;
  /** χ_n ≈ E‖N(0, I)‖ */
  readonly chi: number;
}

/** pycma's cap of c_σ, whose denominator is n + μ_eff + 3 where the tutorial has + 5 and no cap. */
const MOST_C_SIGMA = 0.5;

/** @param n dimensions, at least 1 */
export function strategy(n: number, offspring = 4 + Math.floor(3 * Math.log(n)), active = true): Strategy {
  if (!(n >= 1 && offspring >= 2))
    throw new Error(`CMA-ES: ${n} dimensions and ${offspring} samples; wanted at least 1 and 2`);
  const parents = Math.floor(offspring / 2);
  const raw = Array.from({ length: offspring }, (_, i) => Math.log((offspring + 1) / 2) - Math.log(i + 1));
  const muEff = effective(raw.slice(0, parents));
  const cSigma = Math.min(MOST_C_SIGMA, (muEff + 2) / (n + muEff + 3));
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1, (2 * (0.25 + muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff));
  const negative = active ? negativeSum(raw.slice(parents), muEff, c1, cMu, n) : 0;
  const positiveTotal = total(raw.slice(0, parents));
  const negativeTotal = Math.abs(total(raw.slice(parents)));
  return {
    offspring,
    parents,
    weights: Float64Array.from(raw, (w, i) =>
      i < parents ? w / positiveTotal : (w * negative) / (negativeTotal || 1),
    ),
    muEff,
    cSigma,
    dSigma: 1 + cSigma + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1),
    cC: (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    c1,
    cMu,
    chi: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** What the negative weights may sum to at most: the three bounds of the tutorial, eq. 50 to 53; the last keeps C definite. */
function negativeSum(raw: readonly number[], muEff: number, c1: number, cMu: number, n: number): number {
  if (cMu <= 0) return 0;
  return Math.min(1 + c1 / cMu, 1 + (2 * effective(raw)) / (muEff + 2), (1 - c1 - cMu) / (n * cMu));
}

function total(weights: readonly number[]): number {
  return weights.reduce((sum, w) => sum + w, 0);
}

function effective(weights: readonly number[]): number {
  const squares = weights.reduce((sum, w) => sum + w * w, 0);
  return squares > 0 ? total(weights) ** 2 / squares : 0;
}
