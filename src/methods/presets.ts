/** Named chains of steps: familiar names for recipes that need no file of their own. */

export interface Preset {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly reference: { readonly title: string; readonly year: number; readonly url: string };
  /** Steps in order; controls that differ from the methods' defaults. */
  readonly chain: readonly { readonly method: string; readonly controls?: Readonly<Record<string, number | string>> }[];
}

const dare = {
  title: 'Language Models are Super Mario: Absorbing Abilities from Homologous Models as a Free Lunch',
  year: 2024,
  url: 'https://arxiv.org/abs/2311.03099',
};

export const presets: readonly Preset[] = [
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
