/** What a tensor does in its network; methods and filters ask for roles, never for names. */
export type Role = 'embedding' | 'linear' | 'bias' | 'norm';

/** The group that a user can steer together. */
export type Group = 'embedding' | 'attention' | 'mlp' | 'norm';

/** One row of an architecture's parameter table. Matrices are out × in, as in PyTorch and safetensors. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: Role;
  readonly group: Group;
  /** Position between input and output: embeddings 0, block ℓ of L at ℓ/(L−1), final norm 1. */
  readonly depth: number;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Number of weights in a parameter table. */
export function countWeights(table: readonly Parameter[]): number {
  return table.reduce((total, { shape }) => total + sizeOf(shape), 0);
}
