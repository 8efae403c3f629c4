/** How the tools that train low-rank adapters call an adapter's tensors. */

/** What a tensor of an adapter is for its module. */
export type AdapterRole =
  | 'down'
  | 'up'
  | 'alpha'
  | 'embedding-down'
  | 'embedding-up'
  /** One value per output, of DoRA. */
  | 'magnitude'
  /** Added to the module's own bias. */
  | 'bias'
  /** The second product of LoHa. */
  | 'down-2'
  | 'up-2'
  /** Of a kind of adapter that is not read. */
  | 'foreign'
  | 'other';

export interface AdapterName {
  /** What stands before the role's ending, prefixes of tools included. */
  readonly module: string;
  readonly role: AdapterRole;
}

/** Kinds of adapters that are told by their tensors' names, and are not read. */
const FOREIGN: readonly { readonly ending: RegExp; readonly kind: string }[] = [
  { ending: /\.(?:hada_t[12]|lora_mid\.weight)(?:\.[\w-]+)?$/, kind: 'a Tucker decomposition of a convolution' },
  { ending: /\.lokr_(?:w[12](?:_[ab])?|t2)(?:\.[\w-]+)?$/, kind: 'a LoKr (Kronecker products)' },
  { ending: /\.ia3_l(?:\.[\w-]+)?$/, kind: 'IA³ (factors of activations)' },
  { ending: /\.(?:oft|boft)_(?:blocks|diag|r|s|R|S)(?:\.[\w-]+)*$/, kind: 'an OFT (rotations)' },
  { ending: /^lora_\w+\.diff(?:_b)?$/, kind: 'a difference that is stored in full (LyCORIS full)' },
  {
    ending: /\.trainable_tokens_(?:delta|original)(?:\.[\w-]+)?$/,
    kind: 'single trained tokens (trainable_token_indices)',
  },
];

/** Which of them a tensor belongs to; undefined for all that are read. */
export const foreignKind = (name: string): string | undefined => FOREIGN.find(({ ending }) => ending.test(name))?.kind;

/** Endings, most telling first. PEFT, diffusers, kohya; an adapter's own name may stand before ".weight" in PEFT's ("default"). */
const ENDINGS: readonly (readonly [RegExp, AdapterRole])[] = [
  [/\.lora_embedding_A(?:\.[\w-]+)?$/, 'embedding-down'],
  [/\.lora_embedding_B(?:\.[\w-]+)?$/, 'embedding-up'],
  [/\.lora_A(?:\.[\w-]+)?\.weight$/, 'down'],
  [/\.lora_B(?:\.[\w-]+)?\.weight$/, 'up'],
  [/\.lora_down\.weight$/, 'down'],
  [/\.lora_up\.weight$/, 'up'],
  [/[._]lora\.down\.weight$/, 'down'],
  [/[._]lora\.up\.weight$/, 'up'],
  [/\.lora_linear_layer\.down\.weight$/, 'down'],
  [/\.lora_linear_layer\.up\.weight$/, 'up'],
  [/\.lora_B(?:\.[\w-]+)?\.bias$/, 'bias'],
  [/\.lora_magnitude_vector(?:\.[\w-]+)?(?:\.weight)?$/, 'magnitude'],
  [/\.dora_scale$/, 'magnitude'],
  [/\.hada_w1_b(?:\.[\w-]+)?$/, 'down'],
  [/\.hada_w1_a(?:\.[\w-]+)?$/, 'up'],
  [/\.hada_w2_b(?:\.[\w-]+)?$/, 'down-2'],
  [/\.hada_w2_a(?:\.[\w-]+)?$/, 'up-2'],
  [/\.alpha$/, 'alpha'],
  ...FOREIGN.map(({ ending }) => [ending, 'foreign'] as const),
];

export function readAdapterName(name: string): AdapterName {
  for (const [ending, role] of ENDINGS) {
    const match = ending.exec(name);
    if (match) return { module: name.slice(0, match.index), role };
  }
  return { module: name, role: 'other' };
}

/** Whether a file with these tensors is an adapter and no model: one low-rank factor is enough. */
export function looksLikeAdapter(names: Iterable<string>): boolean {
  for (const name of names) {
    const { role } = readAdapterName(name);
    if (role !== 'other' && role !== 'alpha') return true;
  }
  return false;
}
