/** How the tools that train low-rank adapters call an adapter's tensors. */

/** What a tensor of an adapter is for its module. */
export type AdapterRole = 'down' | 'up' | 'alpha' | 'embedding-down' | 'embedding-up' | 'other';

export interface AdapterName {
  /** What stands before the role's ending, prefixes of tools included. */
  readonly module: string;
  readonly role: AdapterRole;
}

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
  [/\.alpha$/, 'alpha'],
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
