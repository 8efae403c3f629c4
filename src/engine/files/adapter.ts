import type { Checkpoint } from './checkpoint.ts';
export function adaptTo(_adapter: Checkpoint, _base: Checkpoint): Checkpoint {
  throw new Error('not yet');
}
