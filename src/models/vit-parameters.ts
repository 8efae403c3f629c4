/** The tensors of the vision transformer of vit.ts, without its functions: a page may list them. */
import type { Group, Parameter, Role } from './parameter.ts';
import type { VitConfig } from './vit.ts';

/** The parameter table of the encoder, in sorted-by-use order; heads are not part of it, they are never merged. */
export function vitParameters(config: VitConfig): Parameter[] {
  const { dim, hidden, blocks, patchSize, imageSize } = config;
  const tokens = (imageSize / patchSize) ** 2;
  const row = (name: string, shape: number[], role: Role, group: Group, depth: number): Parameter => ({
    name,
    shape,
    role,
    group,
    depth,
  });
  const pair = (name: string, out: number, inputs: number, group: Group, depth: number) => [
    row(`${name}.weight`, [out, inputs], 'linear', group, depth),
    row(`${name}.bias`, [out], 'bias', group, depth),
  ];
  const norm = (name: string, depth: number) => [
    row(`${name}.weight`, [dim], 'norm', 'norm', depth),
    row(`${name}.bias`, [dim], 'norm', 'norm', depth),
  ];
  const block = (index: number) => {
    const depth = blocks > 1 ? index / (blocks - 1) : 0;
    const at = `blocks.${index}`;
    return [
      ...norm(`${at}.norm1`, depth),
      ...['q', 'k', 'v', 'proj'].flatMap((name) => pair(`${at}.attn.${name}`, dim, dim, 'attention', depth)),
      ...norm(`${at}.norm2`, depth),
      ...pair(`${at}.mlp.fc1`, hidden, dim, 'mlp', depth),
      ...pair(`${at}.mlp.fc2`, dim, hidden, 'mlp', depth),
    ];
  };
  return [
    row('patch_embed.weight', [dim, patchSize ** 2], 'embedding', 'embedding', 0),
    row('patch_embed.bias', [dim], 'bias', 'embedding', 0),
    row('pos_embed', [tokens, dim], 'embedding', 'embedding', 0),
    ...Array.from({ length: blocks }, (_, index) => block(index)).flat(),
    ...norm('norm', 1),
  ];
}
