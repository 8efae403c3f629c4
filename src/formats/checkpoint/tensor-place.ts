/** Where a tensor stands in its network and what it is, for curves over depth, filters and methods that treat layers differently. */
import type { Architecture } from './architecture.ts';
import type { JobTensor } from './job.ts';

export type TensorPlace = Pick<JobTensor, 'depth' | 'role' | 'group'>;

export function placeOf(name: string, shape: readonly number[], architecture: Architecture): TensorPlace {
  throw new Error('to come');
}
