/** The vocabulary of a mix of models: whether rows are matched by token, and the job that does it. */

import { recognise } from '../../formats/checkpoint/architecture.ts';
import { isOverTokens } from '../../formats/checkpoint/comparison.ts';
import { type FitRequest, fitModels } from '../../formats/checkpoint/fit.ts';
import type { Fit } from '../../formats/checkpoint/fit-table.ts';
import type { MergeJob, Place } from '../../formats/checkpoint/job.ts';
import type { Alignment } from '../../formats/tokenizer/alignment.ts';
import { TokenizerError } from '../../formats/tokenizer/vocabulary.ts';
import { alignJob, alignmentOf } from './align-vocabulary.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Checkpoints } from './place-values.ts';

export interface TokenFit {
  readonly fit: Fit;
  /** Null where rows are matched by their number. */
  readonly alignment: Alignment | null;
  /** Why tokens cannot be matched as chosen, a sentence. */
  readonly failure: string | null;
}

/** The table of these models, and the vocabulary that they share where they were chosen to share one. */
export async function fitTokens(checkpoints: readonly Checkpoint[], request: FitRequest): Promise<TokenFit> {
  const outlines = checkpoints.map(({ outline }) => outline);
  const fit = fitModels(outlines, request);
  const { chosen } = fit.decisions.find(({ mismatch }) => mismatch === 'vocabulary') ?? { chosen: null };
  const known = fit.models.every(({ tokens }) => tokens !== null);
  if (!known || (chosen !== 'base' && chosen !== 'union')) return { fit, alignment: null, failure: null };
  const models = fit.models.flatMap(({ id }) => checkpoints.find(({ outline }) => outline.id === id) ?? []);
  try {
    const alignment = await rememberedAlignment(models, { base: request.base, source: chosen });
    return { fit: fitModels(outlines, request, alignment.rows), alignment, failure: null };
  } catch (error) {
    if (!(error instanceof TokenizerError)) throw error;
    return { fit, alignment: null, failure: `${error.message}.` };
  }
}

export const overTokens = (name: string, { outline }: Checkpoint): boolean => isOverTokens(name, recognise(outline));

/** Every new setting asks for the same one again. */
let last: { readonly key: string; readonly alignment: Alignment } | undefined;

async function rememberedAlignment(
  models: readonly Checkpoint[],
  chosen: { readonly base: string | null; readonly source: 'union' | 'base' },
): Promise<Alignment> {
  const key = JSON.stringify([
    chosen,
    models.map(({ outline: { id, vocabulary, tensors } }) => [id, vocabulary, tensors.map(({ shape }) => shape[0])]),
  ]);
  if (last?.key === key) return last.alignment;
  const alignment = await alignmentOf(models, { ...chosen, tokens: new Map(), padTo: null }, overTokens);
  last = { key, alignment };
  return alignment;
}

/** The job of a table whose rows are matched by token, over models that are gathered so. */
export function alignFit(job: MergeJob, checkpoints: Checkpoints, { fit, alignment }: TokenFit) {
  if (!alignment) return { job, checkpoints };
  const rows = new Map(fit.rows.filter(({ byToken }) => byToken).map((row) => [row.name, row]));
  return alignJob(job, checkpoints, alignment, ({ name }) => {
    const row = rows.get(name);
    const idle = row?.fate.kind === 'merge' ? (row.fate.without ?? []) : [];
    return row?.cells.flatMap(({ tensor }, i): Place[] => {
      const model = fit.models[i]?.id;
      return tensor !== null && model !== undefined && !idle.includes(model) ? [{ model, tensor }] : [];
    });
  });
}
