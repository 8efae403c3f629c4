import { defineMethod, type Piece, type PlacedParameter } from './define.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

type Level = 'network' | 'layer' | 'tensor' | 'weight';

/** Of one tensor: Σ τ² of every expert. Divided by one number of weights, it is the mean square. */
interface Energy {
  readonly tensor: PlacedParameter;
  readonly squares: readonly number[];
}

/** The unit of which a tensor is part: its block (the final norm counts to the last), or all embeddings. */
function unitOf({ name, role, depth }: PlacedParameter, level: Level): string {
  switch (level) {
    case 'network':
      return 'network';
    case 'layer':
      return role === 'embedding' ? 'embeddings' : `depth ${depth}`;
    default:
      return name;
  }
}

/** W_j = energy_j / Σ energy; equal shares where nothing changed. */
function shares(energies: readonly number[]): number[] {
  const total = energies.reduce((sum, value) => sum + value, 0);
  return energies.map((value) => (total > 0 ? value / total : 1 / energies.length));
}

/** Shares of every unit, by its name. */
function sharesByUnit(energies: readonly Energy[], level: Level): ReadonlyMap<string, readonly number[]> {
  const sums = new Map<string, number[]>();
  for (const { tensor, squares } of energies) {
    const unit = unitOf(tensor, level);
    const before = sums.get(unit);
    sums.set(
      unit,
      squares.map((value, j) => value + (before?.[j] ?? 0)),
    );
  }
  return new Map([...sums].map(([unit, total]) => [unit, shares(total)]));
}

function energiesOf({ tensors }: Piece, changes: readonly Float32Array[]): Energy[] {
  return tensors.map((tensor) => ({
    tensor,
    squares: changes.map((change) => {
      let total = 0;
      for (let i = tensor.start; i < tensor.start + tensor.length; i++) total += (change[i] as number) ** 2;
      return total;
    }),
  }));
}

/** W ⊙ τ with a share of its own for every weight. */
function scaledByWeight(changes: readonly Float32Array[]): Float32Array[] {
  const out = changes.map((change) => new Float32Array(change.length));
  const length = changes[0]?.length ?? 0;
  for (let i = 0; i < length; i++) {
    const own = shares(changes.map((change) => (change[i] as number) ** 2));
    changes.forEach((change, j) => {
      (out[j] as Float32Array)[i] = (own[j] as number) * (change[i] as number);
    });
  }
  return out;
}

export default defineMethod({
  id: 'fusechat-varm',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: ({ level }) => level === 'weight',
  name: 'FuseChat VaRM',
  family: 'average',
  formula: String.raw`\theta_m = \theta_{0,m} + \sum_j \lambda_j\,W_{j,m}\,\tau_{j,m},\qquad W_{j,m} = \frac{\operatorname{mean}(\tau_{j,m}^2)}{\sum_i \operatorname{mean}(\tau_{i,m}^2)}`,
  summary: 'Averages the changes, and in every tensor the expert that changed it more gets the larger share.',
  helps: 'Experts that changed different tensors: each keeps its own nearly in full.',
  hurts: 'Experts that changed everything alike: the shares are then those of the plain average.',
  limits: 'λ = 0 gives the base, and one expert at λ = 1 that expert. Equal mean squares give the average.',
  reference: {
    title: 'FuseChat: Knowledge Fusion of Chat Models',
    authors: 'Wan et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2402.16107',
  },
  aliases: ['VaRM', 'variation ratio merge', 'FuseChat'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: {
      per: 'expert',
      stage: 'combine',
      symbol: 'λ',
      name: 'coefficient',
      min: -0.5,
      max: 1.5,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'How much of this expert’s share is added; the paper has 1 for all.',
    },
    level: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'm',
      name: 'shares per',
      default: 'tensor',
      options: [
        { value: 'network', name: 'network', help: 'One share per expert.' },
        { value: 'layer', name: 'layer', help: 'One per block; the embeddings are a layer too.' },
        { value: 'tensor', name: 'tensor', help: 'One per weight matrix, bias and norm, as in the method itself.' },
        { value: 'weight', name: 'weight', help: 'One per weight; the paper reports that this one collapses.' },
      ],
      help: 'What gets shares of its own. The paper compares all four.',
    },
  },
  notes: [
    'This is the first version of FuseChat’s merge; the later one is SCE.',
    'The formula is the paper’s; its code was replaced by that of SCE. λ is an addition of this studio, at 1 the paper’s merge.',
    'FuseChat first distils its models from one another; only the merge is here.',
  ],
  result: 'single',
  surveyKeeps: 'numbers',
  survey: async ({ piece, taskVectors }) => {
    return energiesOf(piece, await hostRows(taskVectors));
  },
  conclude: (energies, { level }) => (level === 'weight' ? undefined : sharesByUnit(energies.flat(), level)),
  prepare: async ({ piece, base, taskVectors, globals }, { level }) => {
    const changes = await hostRows(taskVectors);
    const start = await hostRow(base);
    if (!globals) return stackArrays([start, ...scaledByWeight(changes)]);
    const scaled = changes.map((change, j) => {
      const out = new Float32Array(change.length);
      for (const tensor of piece.tensors) {
        const share = globals.get(unitOf(tensor, level))?.[j] ?? 0;
        for (let i = tensor.start; i < tensor.start + tensor.length; i++) out[i] = share * (change[i] as number);
      }
      return out;
    });
    return stackArrays([start, ...scaled]);
  },
  combine: (stacked, { lambda }) => weightedSum(stacked, [1, ...lambda]),
  laws: [
    'zero-gives-base',
    'one-expert-gives-expert',
    'order-of-experts-is-irrelevant',
    'scales-with-task-vectors',
    'linear-in-coefficients',
  ],
  examples: [
    {
      note: 'G1 golden',
      ...g1,
      result: [0.920927, -0.302629, -0.276582, 2.062401, 2.033898, -0.713421, 0.135974, 0.29386],
    },
    {
      note: 'shares of 4 : 1, from the squares of the changes',
      base: [0, 0],
      experts: [
        [2, 0],
        [0, 1],
      ],
      result: [1.6, 0.2],
    },
    {
      note: 'per weight: whoever changed it alone changes it in full',
      base: [0, 0, 0],
      experts: [
        [2, 0, 1],
        [0, 1, 3],
      ],
      controls: { level: 'weight' },
      result: [2, 1, 2.8],
    },
  ],
});
