/**
 * Names of modules that version 5 of transformers gives networks whose files keep the names of version 4: PEFT looks for modules by the
 * names of the network in memory. Source: transformers 5.23, conversion_mapping.py, "ViTModel".
 */

/** Of a ViT's blocks; other networks have blocks of this name, too, but not with these parts in them. */
const BLOCK =
  /^(?:vit\.)?encoder\.layer\.\d+\.(?:attention\.(?:attention|output)|intermediate|output|layernorm_\w+)(?=\.|$)/;

const RENAMED: readonly (readonly [string, string])[] = [
  ['encoder.layer.', 'layers.'],
  ['attention.attention.query', 'attention.q_proj'],
  ['attention.attention.key', 'attention.k_proj'],
  ['attention.attention.value', 'attention.v_proj'],
  ['attention.output.dense', 'attention.o_proj'],
  ['intermediate.dense', 'mlp.fc1'],
  ['output.dense', 'mlp.fc2'],
];

/** The later name of a module or tensor; the same where it did not change. */
export const laterName = (name: string): string =>
  BLOCK.test(name) ? RENAMED.reduce((text, [before, after]) => text.replace(before, after), name) : name;

/** Both names, the file's own first. */
export function bothNames(name: string): readonly string[] {
  const later = laterName(name);
  return later === name ? [name] : [name, later];
}
