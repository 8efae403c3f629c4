import { dot, matmul, transposed } from '../core/linalg/matrix.ts';
import { quickSvd, type Svd, thinSvd } from '../core/linalg/svd.ts';
import { defineMethod } from './define.ts';
import { compose, firstOf, isSpectral, numericalRank, orthogonalised, stackBases } from './parts/factor.ts';
import { hostRows } from './parts/host-rows.ts';
import { stackOnBase, weightedSum } from './parts/stack.ts';

/** As Python's round: halves go to the even neighbour. */
function roundHalfEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Directions for all experts together and for each one, of r: c + T·k = r (official code; k is not let grow beyond r/T). */
export function shares(
  r: number,
  experts: number,
  fraction: number,
): { readonly common: number; readonly each: number } {
  const each = Math.min(roundHalfEven((r - Math.floor(fraction * r)) / experts), Math.floor(r / experts));
  return { common: r - each * experts, each };
}

/** A sum of changes D = Σ_t c_t τ_t and its decomposition. */
interface Common {
  readonly changes: readonly Float64Array[];
  readonly svd: Svd;
}

/**
 * The k strongest directions of τ − U_c U_cᵀ τ, the part of a change outside the common left directions.
 * Where the left vectors of D are a basis of the whole space, that part is what the change has in the others of them,
 * [rows − c, cols]: a decomposition of that is several times smaller.
 */
function outside(change: Float64Array, { svd }: Common, c: number, k: number, rows: number, cols: number): Svd {
  // What is left of a change that lies in the common directions is rounding.
  const size = Math.sqrt(dot(change, 0, change, 0, change.length));
  const rank = numericalRank(svd.values);
  if (rank === rows) {
    const others = svd.left.subarray(c * rows);
    const inside = quickSvd(matmul(others, change, rows - c, rows, cols), rows - c, cols, Math.min(k, rows - c, cols));
    const { count, left, values, right } = firstOf(inside, k, size);
    return { count, left: matmul(left, others, count, rows - c, rows), values, right };
  }
  const used = Math.min(c, rank);
  const common = svd.left.subarray(0, used * rows);
  const within = matmul(transposed(common, used, rows), matmul(common, change, used, rows, cols), rows, used, cols);
  return firstOf(
    thinSvd(
      change.map((value, i) => value - (within[i] as number)),
      rows,
      cols,
    ),
    k,
    size,
  );
}

/** The isotropic change in common and task-specific directions (Marczak et al. 2025, algorithm 2). */
function isotropic(common: Common, fraction: number, rows: number, cols: number): Float64Array {
  const shared = shares(common.svd.count, common.changes.length, fraction);
  const own = common.changes.map((change) => outside(change, common, shared.common, shared.each, rows, cols));
  const first = firstOf(common.svd, shared.common);
  // The experts' own left directions are orthogonal to the common ones already; the right ones are not.
  const ownLeft = orthogonalised(stackBases(own.map(({ left }) => left)), rows);
  const left = stackBases([ownLeft, first.left]);
  const right = orthogonalised(stackBases([...own.map((svd) => svd.right), first.right]), cols);
  const values = stackBases([...own.map((svd) => svd.values), first.values]);
  const mean = values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
  return compose(left, values.fill(mean), right, rows, cols);
}

export default defineMethod({
  id: 'iso-cts',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'Iso-CTS',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \lambda\,\bar\sigma\,\hat U^{\perp} \hat V^{\perp\top},\qquad \hat U = [U_1 \cdots U_T\;U_c],\qquad U_c \Sigma_c V_c^\top = \operatorname{top}_{f r} \textstyle\sum_t c_t \tau_t,\qquad U_t \Sigma_t V_t^\top = \operatorname{top}_k\,(I - U_c U_c^\top)\,c_t \tau_t`,
  summary:
    'Like Iso-C, but keeps room for each expert’s own strongest directions beside those that all have in common, and makes all equally strong.',
  helps: 'Many experts, whose rarer skills have no direction of their own in the summed change.',
  hurts: 'Few experts: with fewer than four or so, Iso-C does as well.',
  limits: 'λ = 0 gives the base. f = 1 is Iso-C.',
  reference: {
    title: 'No Task Left Behind: Isotropic Model Merging with Common and Task-Specific Subspaces',
    authors: 'Marczak et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2502.04959',
  },
  aliases: ['isotropic merging in common and task-specific subspaces'],
  facets: ['svd'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: {
      per: 'method',
      stage: 'combine',
      symbol: 'λ',
      name: 'strength',
      min: 0,
      max: 3,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'How much of the flattened change is added to the base.',
    },
    f: {
      per: 'method',
      stage: 'prepare',
      symbol: 'f',
      name: 'common part',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.8,
      snaps: [0.8, 1],
      help: 'The part of a matrix’s directions that all experts share; the rest is divided equally among them.',
    },
    c: {
      per: 'expert',
      stage: 'prepare',
      symbol: 'c',
      name: 'weight before flattening',
      min: 0,
      max: 2,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'Scales this expert’s change before the changes are added and flattened; 0 leaves it out.',
    },
  },
  notes: [
    'Biases, norms and embeddings (the patch embedding too) get the mean of c·change over the experts instead; λ scales that mean as well.',
    'The split is rounded as in the official code, halves to even; each expert’s own part is not let grow beyond r/T, where that code would fail.',
    'Only the left side is freed of the common directions, as in the official code: a transposed matrix gives another result.',
    'Directions with a singular value below one millionth of the largest are left out and not counted in the mean; the official code fills them with arbitrary ones. For full rank both agree.',
    'The weights c are an addition of this studio; at 1 the method is the paper’s.',
  ],
  result: 'single',
  async prepare(input, { f, c }, { cache, breathe }) {
    const [parameter] = input.piece.tensors;
    const count = input.experts.length;
    const scaled = async () =>
      (await hostRows(input.taskVectors)).map((vector, t) =>
        Float64Array.from(vector, (value) => (c[t] as number) * value),
      );
    const sumOf = (changes: readonly Float64Array[]) => {
      const sum = new Float64Array(input.base.size);
      for (const change of changes) {
        for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (change[i] as number);
      }
      return sum;
    };
    if (!parameter || !isSpectral(parameter)) {
      const mean = sumOf(await scaled()).map((value) => value / count);
      return stackOnBase(input.base, [mean]);
    }
    const [rows = 0, cols = 0] = parameter.shape;
    const changes = await scaled();
    const svd = await cache(`thin SVD of the sum of task vectors, scaled by ${c.join()}`, () =>
      thinSvd(sumOf(changes), rows, cols),
    );
    await breathe();
    return stackOnBase(input.base, [isotropic({ changes, svd }, f, rows, cols)]);
  },
  combine: (rows, { lambda }) => weightedSum(rows, [1, lambda]),
  laws: ['zero-gives-base', 'order-of-experts-is-irrelevant', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'One common direction and none of their own: singular values 3 and 1 become 2 and 2.',
      base: [1, 0, 0, 1],
      experts: [[4, 0, 0, 2]],
      shape: [2, 2],
      controls: { f: 1 },
      result: [3, 0, 0, 3],
    },
    {
      note: 'No common directions: each expert’s strongest one, 6 and 2, both with their mean.',
      base: [0, 0, 0, 0, 0, 0],
      experts: [
        [6, 0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, -2],
      ],
      shape: [2, 3],
      controls: { f: 0, lambda: 0.5 },
      result: [2, 0, 0, 0, 0, -2],
    },
    {
      note: 'Two common directions of four, and one of each expert’s own: σ̂ = (8, 4, 2, 1).',
      base: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      experts: [
        [4, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0],
        [4, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      ],
      shape: [4, 4],
      controls: { f: 0.5 },
      result: [3.75, 0, 0, 0, 0, 3.75, 0, 0, 0, 0, 3.75, 0, 0, 0, 0, 3.75],
    },
    {
      note: 'Vectors are averaged, each expert scaled by its c.',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 5],
      ],
      controls: { c: [1, 2], lambda: 0.5 },
      result: [1.5, 3],
    },
  ],
});
