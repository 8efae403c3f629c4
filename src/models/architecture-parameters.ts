/** What the architectures have in common, without their functions: a page may ask for tensors and sizes. */
import type { MlpConfig } from './mlp.ts';
import { mlpParameters } from './mlp-parameters.ts';
import type { Parameter } from './parameter.ts';
import type { VitConfig } from './vit.ts';
import { vitParameters } from './vit-parameters.ts';

/** Every architecture has `blocks` layers of depth, `dim` features, and heads that are never merged. */
export type ModelConfig = VitConfig | MlpConfig;

/** The parameter table of an encoder, from input to output. */
export const parametersOf = (config: ModelConfig): Parameter[] =>
  config.architecture === 'vit' ? vitParameters(config) : mlpParameters(config);

/** Numbers that one sample has. */
export const inputsOf = (config: ModelConfig): number =>
  config.architecture === 'vit' ? config.imageSize ** 2 : config.inputs;

/** Sides of a task's head; the last column of a linear one is its bias. */
export const headShape = (config: ModelConfig, classes: number): readonly [number, number] => [
  classes,
  isLinear(config) ? config.dim + 1 : config.dim,
];

/** Whether heads are affine rather than cosines. */
export const isLinear = (config: ModelConfig): boolean =>
  config.architecture === 'mlp' && config.classifier === 'linear';

/**
 * The same network with another number of blocks.
 * @throws Error where blocks have different shapes, so that their number is the architecture
 */
export function withBlocks<C extends ModelConfig>(config: C, blocks: number): C {
  if (config.architecture === 'mlp' && blocks !== config.blocks)
    throw new Error(`a perceptron has the layers it has: ${config.blocks}, not ${blocks}`);
  return { ...config, blocks };
}
