/** The two files of an adapter as PEFT reads them: which tensors, in which order, and the configuration. */
import type { Dtype, WeightDtype } from '../safetensors/dtype.ts';
import { alignedOrder, byteLength, headerBytes, type WrittenEntry } from '../safetensors/write.ts';
import { laterName } from './later-names.ts';
import { modulesOf, tiedTo, type WholeParts } from './whole-modules.ts';

/** A module with low-rank factors. */
export interface HeldModule {
  /** Of its tensor. */
  readonly name: string;
  readonly module: string;
  /** Of the weight: [out, in] or of a convolution [out, in, height, width]; [in, out] where it is turned. */
  readonly shape: readonly number[];
  readonly turned: boolean;
  /** Directions that its change has. */
  readonly count: number;
}

/** A tensor as the changed model stores it. */
export interface WholeTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

export interface AdapterPlan {
  /** Of every module that has so many directions; the others get fewer, written down as a pattern. */
  readonly rank: number;
  /** Of the factors. */
  readonly dtype: WeightDtype;
  readonly baseName: string;
  readonly held: readonly HeldModule[];
  /** What is kept in full beside the factors, and the tensors of the changed model. */
  readonly whole: (WholeParts & { readonly from: ReadonlyMap<string, WholeTensor> }) | null;
  /** All tensors of the base. */
  readonly names: readonly string[];
}

/** Where the bytes of a tensor come from: a factor of a held tensor, or a tensor of the changed model. */
export interface AdapterEntry extends WrittenEntry {
  readonly source: 'down' | 'up' | 'whole';
  /** Of the model. */
  readonly tensor: string;
}

export interface AdapterLayout {
  /** In the order of their bytes. */
  readonly entries: readonly AdapterEntry[];
  /** What stands before them in adapter_model.safetensors. */
  readonly header: Uint8Array<ArrayBuffer>;
  /** Of the whole adapter_model.safetensors. */
  readonly bytes: number;
  /** adapter_config.json. */
  readonly config: string;
}

const PREFIX = 'base_model.model.';

export function adapterLayout(plan: AdapterPlan): AdapterLayout {
  const inFull = new Set(plan.whole?.tensors);
  const held = plan.held.filter(({ name }) => !inFull.has(name));
  const entries = alignedOrder([
    ...held.flatMap((module) => factorEntries(module, plan)),
    ...(plan.whole ? wholeEntries(plan.whole, plan.names, held) : []),
  ]);
  const header = headerBytes(entries, { format: 'pt' });
  return {
    entries,
    header,
    bytes: entries.reduce((sum, entry) => sum + byteLength(entry), header.length),
    config: `${JSON.stringify(configOf(plan, held), null, 2)}\n`,
  };
}

export const rankOf = ({ count }: HeldModule, rank: number): number => Math.min(rank, count);

function factorEntries(held: HeldModule, { rank, dtype }: AdapterPlan): AdapterEntry[] {
  const [first = 0, ...rest] = held.shape;
  const [out, input] = held.turned ? [rest[0] ?? 0, [first]] : [first, rest];
  const used = rankOf(held, rank);
  const at = `${PREFIX}${laterName(held.module)}`;
  const common = { dtype, tensor: held.name };
  return [
    { ...common, name: `${at}.lora_A.weight`, shape: [used, ...input], source: 'down' },
    { ...common, name: `${at}.lora_B.weight`, shape: [out, used, ...input.slice(1).map(() => 1)], source: 'up' },
  ];
}

type Whole = NonNullable<AdapterPlan['whole']>;

function wholeEntries(whole: Whole, names: readonly string[], held: readonly HeldModule[]): AdapterEntry[] {
  const adapted = new Set(held.map(({ module }) => module));
  const entry = (tensor: string, name = laterName(tensor)): AdapterEntry[] => {
    const stored = whole.from.get(tensor);
    return stored ? [{ name: `${PREFIX}${name}`, ...stored, source: 'whole', tensor }] : [];
  };
  return [
    ...whole.tensors.flatMap((tensor) => {
      const tied = tiedTo(tensor, names);
      // PEFT asks for a tied table under both its names.
      return [...entry(tensor), ...(tied === undefined ? [] : entry(tensor, tied))];
    }),
    ...whole.biases.flatMap((tensor) => {
      const module = tensor.slice(0, -'.bias'.length);
      return entry(tensor, `${laterName(module)}${adapted.has(module) ? '.base_layer' : ''}.bias`);
    }),
  ];
}

function configOf({ rank, baseName, whole, names }: AdapterPlan, held: readonly HeldModule[]) {
  const fewer = fewerThan(rank, held);
  const modules = (whole?.modules ?? []).map(laterName);
  const isTied = whole?.tensors.some((tensor) => tiedTo(tensor, names) !== undefined) === true;
  return {
    base_model_name_or_path: baseName,
    bias: biasOf(whole?.biases ?? [], held),
    // Older readers know no tying, and need none where there is none.
    ...(isTied && { ensure_weight_tying: true }),
    fan_in_fan_out: held.some(({ turned }) => turned),
    inference_mode: true,
    lora_alpha: rank,
    lora_dropout: 0,
    modules_to_save: modules.length > 0 ? modules : null,
    peft_type: 'LORA',
    r: rank,
    // The scale α/r is 1 everywhere.
    rank_pattern: fewer,
    alpha_pattern: fewer,
    target_modules: targetModules(held, names),
    task_type: null,
    use_dora: false,
    use_rslora: false,
  };
}

/** Which biases PEFT would have trained: none, those of modules with factors, or others too. */
function biasOf(biases: readonly string[], held: readonly HeldModule[]): 'none' | 'lora_only' | 'all' {
  if (biases.length === 0) return 'none';
  const adapted = new Set(held.map(({ module }) => `${module}.bias`));
  return biases.every((name) => adapted.has(name)) ? 'lora_only' : 'all';
}

/** Ranks of modules with fewer directions. A pattern also means modules whose names end like it, and the first that fits counts. */
function fewerThan(rank: number, held: readonly HeldModule[]): Readonly<Record<string, number>> {
  const short = held.filter((module) => rankOf(module, rank) < rank).map(({ module }) => module);
  const meant = held.filter(({ module }) => short.some((name) => module === name || module.endsWith(`.${name}`)));
  const patterns = meant
    .toSorted((a, b) => b.module.length - a.module.length)
    .map((module) => [laterName(module.module).replaceAll('.', '\\.'), rankOf(module, rank)]);
  return Object.fromEntries(patterns);
}

/** Last parts of names where they mean these modules and no others, as people write them; else the whole names. */
function targetModules(held: readonly HeldModule[], names: readonly string[]): string[] {
  const modules = new Set(held.map(({ module }) => laterName(module)));
  const last = (module: string) => module.slice(module.lastIndexOf('.') + 1);
  const short = new Set([...modules].map(last));
  const meant = [...modulesOf(names.map(laterName))].filter((module) => short.has(last(module)));
  return [...(meant.every((module) => modules.has(module)) ? short : modules)].sort();
}
