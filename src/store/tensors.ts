/** What a filter lets through of a network's tensors. Loaded with the editor of filters. */

import type { Card } from '../formats/card.ts';
import { KINDS, type Kind, passes, refuseNames, type TensorFilter } from '../formats/tensor-filter.ts';
import { parametersOf } from '../models/architecture-parameters.ts';
import { type Parameter, sizeOf } from '../models/parameter.ts';

export const KIND_NAMES: readonly (readonly [Kind, string])[] = KINDS.map((kind) => [
  kind,
  { attention: 'attention', mlp: 'MLP', norm: 'norms', embedding: 'embeddings', linear: 'matrices', bias: 'biases' }[
    kind
  ],
]);

export interface Passing {
  readonly tensors: number;
  readonly ofTensors: number;
  readonly weights: number;
  readonly ofWeights: number;
}

export type Filtered = Pick<Parameter, 'name' | 'shape' | 'role' | 'group'>;

export function passing(filter: TensorFilter, all: readonly Filtered[]): Passing {
  const kept = all.filter((tensor) => passes(filter, tensor));
  const weights = (table: typeof all) => table.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return { tensors: kept.length, ofTensors: all.length, weights: weights(kept), ofWeights: weights(all) };
}

export const familyTensors = ({ model }: Card): readonly Filtered[] => parametersOf(model);

/** Why these name patterns cannot be used, in words. */
export const refusalOf = (names: string): string | undefined => refuseNames(names);
