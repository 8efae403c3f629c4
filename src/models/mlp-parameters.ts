/** The tensors of the multilayer perceptron of mlp.ts, without its functions: a page may list them. */
import type { MlpConfig } from './mlp.ts';
import type { Parameter } from './parameter.ts';

/** The parameter table of the layers, from input to output; heads are not part of it, they are never merged. */
export function mlpParameters({ inputs, widths }: MlpConfig): Parameter[] {
  return widths.flatMap((width, index): Parameter[] => {
    const depth = widths.length > 1 ? index / (widths.length - 1) : 0;
    const before = widths[index - 1] ?? inputs;
    return [
      { name: `layers.${index}.weight`, shape: [width, before], role: 'linear', group: 'mlp', depth },
      { name: `layers.${index}.bias`, shape: [width], role: 'bias', group: 'mlp', depth },
    ];
  });
}
