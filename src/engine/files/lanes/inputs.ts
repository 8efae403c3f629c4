/** The runs of tensors that are looked at several times: read again, or kept where they are few. */
import type { TensorPart } from '../checkpoint.ts';
import type { LaneTensor } from '../lane.ts';
import { inOrder } from './ahead.ts';
import type { Row } from './kernels.ts';
import type { Rooms } from './rooms.ts';
import { areKept, type Range, rangesOf, readRow } from './runs.ts';

export interface Inputs {
  readonly tensor: LaneTensor;
  /** Rows of the base and of all experts. */
  take(range: Range): Promise<readonly Row[]>;
  /** @param again whether they will be taken once more */
  give(range: Range, rows: readonly Row[], again: boolean): void;
}

export function createInputs(tensor: LaneTensor, rooms: Rooms): Inputs {
  const parts: readonly TensorPart[] = [...(tensor.base ? [tensor.base] : []), ...tensor.experts];
  const keeps = areKept(tensor, parts);
  const kept = new Map<number, readonly Row[]>();
  return {
    tensor,
    async take(range) {
      const rows = kept.get(range.from);
      kept.delete(range.from);
      return rows ?? Promise.all(parts.map((part) => readRow(part, range, rooms)));
    },
    give({ from }, rows, again) {
      if (again && keeps) kept.set(from, rows);
      else rooms.free(rows);
    },
  };
}

interface Look<R> {
  readonly tensors: readonly Inputs[];
  /** Whether the runs will be looked at once more before other tensors are. */
  readonly again: boolean;
  /** Runs under way at once. */
  readonly most: number;
  work(rows: readonly Row[], range: Range): Promise<{ readonly result: R; readonly rows: readonly Row[] }>;
  /** In the order of the runs. */
  seen(result: R, range: Range, tensor: LaneTensor): void | Promise<void>;
}

/** Looks at all runs of the tensors. */
export async function lookAt<R>({ tensors, again, most, work, seen }: Look<R>): Promise<void> {
  const pieces = function* () {
    for (const inputs of tensors)
      for (const range of rangesOf(inputs.tensor))
        yield async () => {
          const { result, rows } = await work(await inputs.take(range), range);
          inputs.give(range, rows, again);
          return { result, range, tensor: inputs.tensor };
        };
  };
  const next = inOrder(pieces(), most);
  for (let one = await next(); one; one = await next()) await seen(one.result, one.range, one.tensor);
}
