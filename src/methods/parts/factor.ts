/** Factorisations of task vectors, made once and shared by all methods. */
import { type Svd, thinSvd } from '../../core/linalg/svd.ts';
import type { BaseContext } from '../context.ts';
import type { Input } from '../define.ts';
import { hostRows } from './host-rows.ts';

/** Thin SVDs of every expert's change of one matrix, in the recipe's order. The piece has to be a matrix. */
export async function taskSvds(
  { base, taskVectors }: Pick<Input, 'base' | 'taskVectors'>,
  context: Pick<BaseContext, 'cache'>,
): Promise<readonly Svd[]> {
  const [rows = 0, cols = 0] = base.shape;
  return context.cache('thin SVD of every task vector', async () =>
    (await hostRows(taskVectors)).map((change) => thinSvd(change, rows, cols)),
  );
}
