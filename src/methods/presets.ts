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
];
