/** Finds the tensor of a base model that an adapter means by a module's name, whatever tool wrote the name. */
import type { TensorOutline } from '../checkpoint/outline.ts';
import { bothNames } from './later-names.ts';

/** What tools put before a module's own name. */
const PREFIXES = [
  /^base_model\.model\./,
  /^lora_(?:unet|te\d?|transformer|text_encoder(?:_\d)?|prior|llm)_/,
  /^(?:unet|transformer|text_encoder(?:_\d)?|diffusion_model)\./,
];

/** A name without what tools put before it and into it. */
export function bareName(name: string): string {
  const prefix = PREFIXES.find((each) => each.test(name));
  const bare = prefix ? name.replace(prefix, '') : name;
  return bare.replace('.base_layer', '').replace('.processor.', '.').replace('.modules_to_save.default', '');
}

/** Spellings of a module in the order in which they are looked for. */
function spellings(module: string): string[] {
  const bare = bareName(module);
  // Early diffusers named the projection behind attention without its place in the list.
  const projected = /(?:^|\.)to_out$/.test(bare) ? [`${bare}.0`] : [];
  // A model that was saved without its head has "encoder.…" where the adapter has "bert.encoder.…".
  const inner = bare.split('.').slice(1).join('.');
  return [module, bare, ...projected, ...(inner.includes('.') ? [inner] : [])];
}

type Found = TensorOutline | 'ambiguous' | undefined;
export type FindWeight = (module: string) => Found;

const WEIGHT = '.weight';

/** Whole names go before endings that only one tensor of the base has; kohya writes "_" for every dot. */
export function weightFinder(base: readonly TensorOutline[]): FindWeight {
  const whole = new Map<string, Exclude<Found, undefined>>();
  const endings = new Map<string, Exclude<Found, undefined>>();
  for (const tensor of base) {
    if (!tensor.name.endsWith(WEIGHT)) continue;
    for (const name of bothNames(tensor.name.slice(0, -WEIGHT.length))) {
      const components = name.split('.');
      for (let from = 0; from < components.length; from++) {
        const table = from === 0 ? whole : endings;
        const rest = components.slice(from);
        for (const key of new Set([rest.join('.'), rest.join('_')])) {
          const other = table.get(key);
          table.set(key, other === undefined || other === tensor ? tensor : 'ambiguous');
        }
      }
    }
  }
  return (module) => {
    const names = spellings(module);
    for (const table of [whole, endings]) {
      for (const name of names) {
        const found = table.get(name);
        if (found) return found;
      }
    }
    return undefined;
  };
}
