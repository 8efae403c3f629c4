/** Networks of a zoo family as a source to inspect: flat weights in table order. */
import type { PlacedParameter } from '../../methods/define.ts';
import type { InspectedModel, InspectSource } from './source.ts';

export interface FlatModel extends InspectedModel {
  readonly weights: Float32Array;
}

export function flatSource(table: readonly PlacedParameter[], models: readonly FlatModel[]): InspectSource {
  const rows = new Map(table.map((row) => [row.name, row]));
  const byId = new Map(models.map((model) => [model.id, model]));
  return {
    models: models.map(({ id, role }) => ({ id, role })),
    tensors: table.map(({ name, shape, depth, group }) => ({ name, shape, depth, group, dtype: null })),
    has: (model, tensor) => byId.has(model) && rows.has(tensor),
    async read(model, tensor, from, to) {
      const [row, own] = [rows.get(tensor), byId.get(model)];
      if (!row || !own) throw new Error(`${tensor}: the model "${model}" has no such tensor`);
      return own.weights.subarray(row.start + from, row.start + to);
    },
  };
}
