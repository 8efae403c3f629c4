/** The first passes of methods that need to know the whole network before they merge a part of it. */

import { inputBytes, loadPart, partWeights, rangesOf } from './load-span.ts';
import type { Checkpoints } from './place-values.ts';
import type { Group, PlannedTensor } from './plan-job.ts';
import { type LoadedSpan, type SpanHooks, showSpan } from './run-span.ts';

export interface SurveyHooks extends SpanHooks {
  /** Bytes of the input that were read. */
  surveyed(bytes: number, tensor: string): void;
  readonly partBytes?: number;
}

/** How often all inputs are read before the group is merged. */
export function surveyPasses({ chain: { merge }, span, experts }: Group): number {
  const { survey, surveyor } = merge.method;
  if (span === 'network') return 0;
  if (surveyor) return surveyor(merge.step.controls, experts).passes;
  return survey ? 1 : 0;
}

/** What the survey concluded; undefined of methods without one. Not for groups that are merged as a whole. */
export async function surveyGroup(group: Group, checkpoints: Checkpoints, hooks: SurveyHooks): Promise<unknown> {
  const { method, step } = group.chain.merge;
  const load = remembering(checkpoints);
  const most = partWeights(group, hooks.partBytes);
  if (method.surveyor) {
    const surveyor = method.surveyor(step.controls, group.experts);
    for (let pass = 0; pass < surveyor.passes; pass++) {
      for (const tensor of group.tensors) {
        do
          for (const range of rangesOf(tensor.row.length, most)) {
            const span = await load(tensor, range);
            await showSpan(tensor.chain, span, hooks, (input) => surveyor.add(input));
            await hooks.breathe();
          }
        while (surveyor.endTensor());
        hooks.surveyed(inputBytes(tensor, checkpoints), tensor.row.name);
      }
      surveyor.endPass();
    }
    return surveyor.conclude();
  }
  const { survey, conclude } = method;
  if (!survey || !conclude) return undefined;
  const partials: unknown[] = [];
  for (const tensor of group.tensors) {
    for (const range of rangesOf(tensor.row.length, most)) {
      const span = await load(tensor, range);
      partials.push(...(await showSpan(tensor.chain, span, hooks, (input) => survey(input))));
      await hooks.breathe();
    }
    hooks.surveyed(inputBytes(tensor, checkpoints), tensor.row.name);
  }
  return conclude(partials, step.controls);
}

/** A tensor that fits in one part is read once, however often it is shown. */
function remembering(checkpoints: Checkpoints) {
  let last: { readonly tensor: PlannedTensor; readonly from: number; readonly span: LoadedSpan } | undefined;
  return async (tensor: PlannedTensor, range: { readonly from: number; readonly to: number }): Promise<LoadedSpan> => {
    if (last?.tensor === tensor && last.from === range.from) return last.span;
    const span = await loadPart(tensor, range, checkpoints);
    last = { tensor, from: range.from, span };
    return span;
  };
}
