/** The documentation of a method, derived from its file: what the page shows and `studio methods --doc` prints. */
import type { Catalogue, Handbook, MethodMetadata, MethodPage } from '../methods/metadata.ts';
import { bibtex } from './bibtex.ts';

/** Families of methods by the names of their shelves, in the order of the shelves. */
export const SHELVES: Readonly<Record<MethodMetadata['family'], string>> = {
  average: 'Averages',
  geometry: 'Geometry',
  sign: 'Sign votes',
  drop: 'Random dropping',
  spectral: 'Spectra',
  trained: 'Trained on data',
  layer: 'Layer by layer',
  pack: 'Masks and packs',
};

export interface Parameter {
  readonly symbol: string;
  readonly name: string;
  /** "0 to 1", "whole numbers 1 to 8", or the names of the options. */
  readonly range: string;
  readonly standard: string;
  /** What moving it makes necessary. */
  readonly effect: string;
  readonly help: string;
  /** "only while joining is mean" */
  readonly condition?: string;
  readonly options: readonly { readonly name: string; readonly help: string }[];
}

export interface MethodDoc {
  readonly id: string;
  readonly name: string;
  readonly shelf: string;
  /** Where in a chain it stands. */
  readonly place: string;
  /** Where it is not certain that this is what the authors do. */
  readonly doubt?: { readonly badge: string; readonly help: string };
  /** LaTeX; presets have none of their own. */
  readonly formula?: string;
  readonly summary: string;
  /** Named sentences: when it helps, when it hurts, what it is at the ends of its sliders. */
  readonly facts: readonly { readonly name: string; readonly text: string }[];
  readonly needs: readonly string[];
  readonly result: string;
  readonly parameters: readonly Parameter[];
  readonly notes: readonly string[];
  readonly aliases: readonly string[];
  readonly mergekit?: string;
  readonly reference: MethodPage['reference'];
  readonly bibtex: string;
  /** Of a preset: its methods in order, with what differs from their defaults. */
  readonly steps: readonly { readonly id: string; readonly name: string; readonly settings: string }[];
}

const PLACES = {
  pre: 'before the merge: it changes what the experts bring',
  merge: 'the merge',
  post: 'after the merge: it edits the merged change',
} as const;

const RESULTS = {
  single: 'One network for all tasks.',
  masked: 'One network per task, made of shared weights and a small mask each; the task must be known when it is used.',
  routed: 'One network that chooses among its experts’ changes for every input.',
  set: 'A network for each task; the task must be known when it is used.',
} as const;

const DOUBTS = {
  low: {
    badge: 'reconstruction',
    help: 'The paper leaves steps open and no official code settles them: this is how they were filled in.',
  },
  medium: {
    badge: 'details uncertain',
    help: 'The method is the paper’s; some details were chosen here because paper and code are silent or disagree.',
  },
} as const;

/** @returns undefined when no method or preset has this id, or it comes from elsewhere and nothing is written about it */
export function methodDoc(id: string, catalogue: Catalogue, handbook: Handbook): MethodDoc | undefined {
  const method = catalogue.methods.find((known) => known.id === id);
  const page = handbook.methods[id];
  if (method && page) return ofMethod(method, page);
  return ofPreset(id, catalogue, handbook);
}

function ofMethod(method: MethodMetadata, page: MethodPage): MethodDoc {
  const { id, name, family, kind, needs, result } = method;
  return {
    id,
    name,
    shelf: SHELVES[family],
    place: PLACES[kind],
    ...(page.confidence && { doubt: DOUBTS[page.confidence] }),
    formula: page.formula,
    summary: page.summary,
    facts: [
      { name: 'Helps', text: page.helps },
      { name: 'Hurts', text: page.hurts },
      ...(page.limits === undefined ? [] : [{ name: 'At the ends', text: page.limits }]),
    ],
    needs: needsInWords(needs),
    result: result ? RESULTS[result] : 'None of its own: it is a step of a chain around a merge.',
    parameters: Object.entries(method.controls).map(([key, control]) => parameter(method, page, key, control)),
    notes: page.notes ?? [],
    aliases: page.aliases ?? [],
    ...(page.mergekit !== undefined && { mergekit: page.mergekit }),
    reference: page.reference,
    bibtex: bibtex(page.reference),
    steps: [],
  };
}

function ofPreset(id: string, { methods, presets }: Catalogue, handbook: Handbook): MethodDoc | undefined {
  const preset = presets.find((known) => known.id === id);
  const page = handbook.presets[id];
  if (!preset || !page) return undefined;
  const chain = preset.chain.flatMap(({ method: step, controls = {} }) => {
    const method = methods.find((known) => known.id === step);
    return method ? [{ method, controls }] : [];
  });
  // Its paper is that of one of its steps, which names the authors.
  const own = chain.map(({ method }) => handbook.methods[method.id]?.reference);
  const reference = own.find((known) => known?.url === page.reference.url) ?? page.reference;
  const merge = chain.find(({ method }) => method.kind === 'merge')?.method;
  return {
    id,
    name: preset.name,
    shelf: SHELVES[chain[0]?.method.family ?? 'average'],
    place: 'a chain under a name of its own',
    summary: page.summary,
    facts: [],
    needs: [...new Set(chain.flatMap(({ method }) => needsInWords(method.needs)))],
    result: RESULTS[merge?.result ?? 'single'],
    parameters: [],
    notes: [],
    aliases: [],
    reference,
    bibtex: bibtex(reference),
    steps: chain.map(({ method, controls }) => ({
      id: method.id,
      name: method.name,
      settings: Object.entries(controls)
        .map(([key, value]) => `${method.controls[key]?.symbol ?? key} = ${value}`)
        .join(', '),
    })),
  };
}

function needsInWords({ base, experts, data, gradients, seed, order }: MethodMetadata['needs']): string[] {
  const { min, max } = experts;
  const count = min === max ? `exactly ${min}` : max === undefined ? `${min} or more` : `${min} to ${max}`;
  return [
    base ? 'the base that all experts started from' : 'no base',
    `${count} ${count === 'exactly 1' ? 'expert' : 'experts'}`,
    ...(data === undefined ? ['no data'] : []),
    ...(data === 'inputs' ? ['unlabelled calibration images'] : []),
    ...(data === 'labels' ? ['labelled calibration images'] : []),
    ...(gradients ? ['gradients: it runs and trains on the network itself'] : []),
    ...(seed ? ['a seed: it draws random numbers'] : []),
    ...(order ? ['an order: the same experts in another order are another merge'] : []),
  ];
}

type Control = MethodMetadata['controls'][string];

function parameter(method: MethodMetadata, page: MethodPage, key: string, control: Control): Parameter {
  const { symbol, name, stage, when } = control;
  const texts = page.controls[key];
  const chosen = when && optionName(method.controls[when.control], when.is);
  const decider = when && (method.controls[when.control]?.name ?? when.control);
  return {
    symbol,
    name,
    range: rangeOf(control),
    standard: control.kind === 'choice' ? optionName(control, control.default) : String(control.default),
    effect: method.kind !== 'pre' && stage === 'combine' ? 'a new combination, live' : 'a new preparation',
    help: texts?.help ?? '',
    ...(when && { condition: `only while “${decider}” is “${chosen}”` }),
    options:
      control.kind === 'choice'
        ? control.options.map((option) => ({ name: option.name, help: texts?.options?.[option.value] ?? '' }))
        : [],
  };
}

function optionName(control: Control | undefined, value: string): string {
  const options = control?.kind === 'choice' ? control.options : [];
  return options.find((option) => option.value === value)?.name ?? value;
}

function rangeOf(control: Control): string {
  if (control.kind === 'choice') return control.options.map(({ name }) => name).join(', ');
  const whole = control.integer ? 'whole, ' : '';
  const each = control.per === 'expert' ? ', one per expert' : '';
  return `${whole}${control.min} to ${control.max}${each}`.replaceAll('-', '−');
}
