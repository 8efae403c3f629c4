/**
 * Merges that trim changes and elect signs, from the stored bytes to the output's. Thresholds are counted first: those of the whole
 * network in a pass over it, a tensor's own just before it is merged. A vote of the whole network takes one more pass.
 */
import { isWeightDtype } from '../../../formats/safetensors/dtype.ts';
import type { Lane, LaneHooks, LaneKind, LaneTensor } from '../lane.ts';
import { storedBytes } from '../load-span.ts';
import { MOST_KEPT, mergeAtOnce } from './at-once.ts';
import type { Crew } from './crew.ts';
import { beginCuts, type Cut, finishCuts, KEEP_ALL, type Trim } from './cuts.ts';
import type { Voting } from './kernels.ts';
import { type Looking, lookAt, placesOf } from './look.ts';
import {
  createRooms,
  createRows,
  homeOf,
  lengthOf,
  mergeAhead,
  partsOf,
  peakOf,
  type Range,
  type Run,
  rangesOf,
} from './runs.ts';

/** @returns undefined where the merge is more than an election, or the tensors hold anything but the usual types */
export function electedLane({ chain, span, inputs, experts, hasBase }: LaneKind, crew: Crew): Lane | undefined {
  const { pre, merge, post } = chain;
  const form = merge.method.elected?.(merge.step.controls, experts);
  if (!form || !hasBase || pre.length > 0 || post.length > 0 || span === 'network') return undefined;
  if (!inputs.every(isWeightDtype)) return undefined;
  const { trim } = form;
  const votes = form.zeroSign === 'majority';
  const rooms = createRooms(MOST_KEPT);
  const looking: Looking = { crew, rowOf: createRows(crew) };
  /** Over the network, or where nothing is trimmed. */
  let common: readonly Cut[] = Array.from({ length: experts }, () => KEEP_ALL);
  const byTensor = new Map<string, readonly Cut[]>();
  let majority: -1 | 0 | 1 = 1;
  let order: readonly LaneTensor[] = [];
  let breathe: LaneHooks['breathe'] = async () => {};

  const cutsOf = async (tensor: LaneTensor): Promise<readonly Cut[]> => {
    if (trim?.scope !== 'tensor') return common;
    const cuts = byTensor.get(tensor.name) ?? (await findCuts([tensor], trim, breathe));
    if (votes) byTensor.set(tensor.name, cuts);
    return cuts;
  };

  const findCuts = async (tensors: readonly LaneTensor[], how: Trim, looked: (ended?: LaneTensor) => Promise<void>) =>
    finishCuts(await beginCuts(tensors, how, looking), how, looking, looked);

  /** All of it in one look where that can be, or what has to be known to merge it run by run. */
  const beginTensor = async (tensor: LaneTensor, voting: Voting) => {
    if (trim?.scope !== 'tensor' || votes) return { cuts: await cutsOf(tensor) };
    const begun = await beginCuts([tensor], trim, looking);
    const sampled = 'cuts' in begun ? undefined : begun;
    const decisions = { trim, voting, looking, rooms, looked: breathe };
    const runs = sampled && (await mergeAtOnce(tensor, { ...decisions, sampled }));
    return runs ? { runs } : { cuts: await finishCuts(begun, trim, looking, breathe) };
  };

  const balanceOf = async (tensor: LaneTensor): Promise<number> => {
    const cuts = await cutsOf(tensor);
    let balance = 0;
    await lookAt(looking, {
      places: placesOf([tensor]),
      work: (rows, count, { range }, home) =>
        crew.run({ kind: 'balance', rows, count, cuts: within(cuts, range) }, home),
      async seen(votesOfRun) {
        balance += votesOfRun;
        await breathe();
      },
    });
    return balance;
  };

  const runsOf = function* (tensor: LaneTensor): Generator<() => Promise<Run>> {
    const { method, step } = tensor.chain.merge;
    const { weights, joining, lambda } = method.elected?.(step.controls, experts) ?? form;
    const { dtype } = tensor;
    const voting: Voting = { weights, joining, lambda, zeroSign: majority };
    let beginning: ReturnType<typeof beginTensor> | undefined;
    for (const [index, range] of [...rangesOf(tensor)].entries())
      yield async () => {
        beginning ??= beginTensor(tensor, voting);
        const begun = await beginning;
        // In range: there is one for each.
        if ('runs' in begun) return begun.runs[index] as Run;
        const election = { ...voting, cuts: within(begun.cuts, range) };
        const rows = await Promise.all(partsOf(tensor).map((part) => looking.rowOf(part, range)));
        const task = { kind: 'elect', rows, count: lengthOf(range), election, dtype, room: rooms.take(dtype) } as const;
        return { ...range, sums: await crew.run(task, homeOf(tensor, range)) };
      };
  };

  return {
    surveys: (trim?.scope === 'network' ? 1 : 0) + (votes ? 1 : 0),
    peakBytes: (weights) => peakOf(crew.size, experts + 1, weights, MOST_KEPT),
    async survey(tensors, hooks) {
      order = tensors;
      breathe = hooks.breathe;
      const tell = (tensor: LaneTensor) => hooks.surveyed(bytesOf(tensor), tensor.name);
      if (trim?.scope === 'network')
        common = await findCuts(tensors, trim, async (ended) => {
          if (ended) tell(ended);
          await breathe();
        });
      if (!votes) return;
      let balance = 0;
      for (const tensor of tensors) {
        balance += await balanceOf(tensor);
        tell(tensor);
      }
      majority = balance > 0 ? 1 : balance < 0 ? -1 : 0;
    },
    merge: mergeAhead(
      crew.size,
      () => order,
      rooms,
      function* (tensors) {
        for (const tensor of tensors) yield* runsOf(tensor);
      },
    ),
  };
}

const within = (cuts: readonly Cut[], { from }: Range): Cut[] =>
  cuts.map(({ limit, until }) => ({ limit, until: until - from }));

const bytesOf = (tensor: LaneTensor): number => partsOf(tensor).reduce((sum, part) => sum + storedBytes(part), 0);
