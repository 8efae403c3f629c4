/** Named chains of steps: familiar names for recipes that need no file of their own. */

export interface Preset {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly reference: { readonly title: string; readonly year: number; readonly url: string };
  /** How many experts it is for, where its steps would take others too. */
  readonly experts?: { readonly min: number; readonly max?: number };
  /** Steps in order; controls that differ from the methods' defaults: one value for all experts, or one for each in turn. */
  readonly chain: readonly {
    readonly method: string;
    readonly controls?: Readonly<Record<string, number | string | readonly number[]>>;
  }[];
}

const taskArithmetic = {
  title: 'Editing Models with Task Arithmetic',
  year: 2023,
  url: 'https://arxiv.org/abs/2212.04089',
};

const dare = {
  title: 'Language Models are Super Mario: Absorbing Abilities from Homologous Models as a Free Lunch',
  year: 2024,
  url: 'https://arxiv.org/abs/2311.03099',
};

const breadcrumbs = {
  title: 'Model Breadcrumbs: Scaling Multi-Task Model Merging with Sparse Masks',
  year: 2024,
  url: 'https://arxiv.org/abs/2312.06795',
};

const della = {
  title: 'DELLA-Merging: Reducing Interference in Model Merging through Magnitude-Based Sampling',
  year: 2024,
  url: 'https://arxiv.org/abs/2406.11617',
};

export const presets: readonly Preset[] = [
  {
    id: 'task-negation',
    name: 'Task negation',
    summary: 'Forgetting: takes every expert’s change away from the base, so that its skill is unlearned.',
    reference: taskArithmetic,
    chain: [{ method: 'task-arithmetic', controls: { lambda: -0.3 } }],
  },
  {
    id: 'task-analogy',
    name: 'Task analogy',
    summary:
      'A is to B as C is to the result: takes the first expert’s change away, adds the second’s and the third’s.',
    reference: taskArithmetic,
    experts: { min: 3, max: 3 },
    chain: [{ method: 'task-arithmetic', controls: { lambda: [-0.3, 0.3, 0.3] } }],
  },
  {
    id: 'dare-linear',
    name: 'DARE-linear',
    summary: 'Randomly drops and rescales each expert’s change, then adds the changes.',
    reference: dare,
    chain: [{ method: 'dare' }, { method: 'task-arithmetic' }],
  },
  {
    id: 'dare-ties',
    name: 'DARE-TIES',
    summary: 'Randomly drops and rescales each expert’s change, then elects one sign per weight.',
    reference: dare,
    chain: [{ method: 'dare' }, { method: 'ties', controls: { density: 1 } }],
  },
  {
    id: 'breadcrumbs-linear',
    name: 'Breadcrumbs',
    summary: 'Keeps the middle of each expert’s changes, row by row, then adds them: the method of the paper.',
    reference: breadcrumbs,
    chain: [{ method: 'breadcrumbs' }, { method: 'task-arithmetic' }],
  },
  {
    id: 'breadcrumbs-ties',
    name: 'Breadcrumbs-TIES',
    summary: 'Keeps the middle of each tensor’s changes, elects one sign per weight, and adds those that agree.',
    reference: breadcrumbs,
    chain: [
      { method: 'breadcrumbs', controls: { scope: 'tensor', cut: 0.01 } },
      { method: 'ties', controls: { density: 1, merge: 'sum', lambda: 0.3 } },
    ],
  },
  {
    id: 'della-linear',
    name: 'DELLA-linear',
    summary: 'Drops small changes more often than large ones, then adds the changes.',
    reference: della,
    chain: [{ method: 'della' }, { method: 'task-arithmetic' }],
  },
  {
    id: 'della-ties',
    name: 'DELLA',
    summary:
      'Drops small changes more often than large ones, then elects one sign per weight: the method of the paper.',
    reference: della,
    chain: [{ method: 'della' }, { method: 'ties', controls: { density: 1 } }],
  },
];
