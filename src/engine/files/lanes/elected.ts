/**
 * Merges that trim changes and elect signs, from the stored bytes to the output's. Thresholds are counted first: those of the whole
 * network in two passes over it, a tensor's own just before it is merged. A vote of the whole network takes one more pass.
 */
import { isWeightDtype } from '../../../formats/safetensors/dtype.ts';
import type { Lane, LaneHooks, LaneKind, LaneTensor } from '../lane.ts';
import { storedBytes } from '../load-span.ts';
import type { Crew } from './crew.ts';
import { type Cut, findCuts, KEEP_ALL } from './cuts.ts';
import { createInputs, type Inputs, lookAt } from './inputs.ts';
import { createRooms } from './rooms.ts';
import { mergeAhead, peakOf, type Range, type Run, rangesOf } from './runs.ts';

/** @returns undefined where the merge is more than an election, or the tensors hold anything but the usual types */
export function electedLane({ chain, span, inputs, experts, hasBase }: LaneKind, crew: Crew): Lane | undefined {
  const { pre, merge, post } = chain;
  const form = merge.method.elected?.(merge.step.controls, experts);
  if (!form || !hasBase || pre.length > 0 || post.length > 0 || span === 'network') return undefined;
  if (!inputs.every(isWeightDtype)) return undefined;
  const { trim } = form;
  const votes = form.zeroSign === 'majority';
  const rooms = createRooms();
  const inputsOf = (tensor: LaneTensor) => createInputs(tensor, rooms);
  /** Over the network, or where nothing is trimmed. */
  let common: readonly Cut[] = Array.from({ length: experts }, () => KEEP_ALL);
  const byTensor = new Map<string, readonly Cut[]>();
  let majority: -1 | 0 | 1 = 1;
  let order: readonly LaneTensor[] = [];
  let breathe: LaneHooks['breathe'] = async () => {};

  const cutsOf = async (own: Inputs): Promise<readonly Cut[]> => {
    if (trim?.scope !== 'tensor') return common;
    const { name } = own.tensor;
    const cuts = byTensor.get(name) ?? (await findCuts([own], trim, { crew, again: true, looked: breathe }));
    if (votes) byTensor.set(name, cuts);
    return cuts;
  };

  const balanceOf = async (own: Inputs): Promise<number> => {
    const cuts = await cutsOf(own);
    let balance = 0;
    await lookAt({
      tensors: [own],
      again: false,
      most: crew.size + 1,
      work: (rows, range) => crew.run({ kind: 'balance', rows, count: lengthOf(range), cuts: within(cuts, range) }),
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
    const own = inputsOf(tensor);
    let cuts: Promise<readonly Cut[]> | undefined;
    for (const range of rangesOf(tensor))
      yield async () => {
        cuts ??= cutsOf(own);
        const election = { cuts: within(await cuts, range), weights, joining, lambda, zeroSign: majority };
        const rows = await own.take(range);
        const done = await crew.run({ kind: 'elect', rows, count: lengthOf(range), election, dtype: tensor.dtype });
        own.give(range, done.rows, false);
        return { ...range, sums: done.result };
      };
  };

  return {
    surveys: (trim?.scope === 'network' ? 2 : 0) + (votes ? 1 : 0),
    peakBytes: () => peakOf(crew.size, experts + 1),
    async survey(tensors, hooks) {
      order = tensors;
      breathe = hooks.breathe;
      const tell = (tensor: LaneTensor) => hooks.surveyed(bytesOf(tensor), tensor.name);
      if (trim?.scope === 'network')
        common = await findCuts(tensors.map(inputsOf), trim, {
          crew,
          again: false,
          async looked(ended) {
            if (ended) tell(ended);
            await breathe();
          },
        });
      if (!votes) return;
      let balance = 0;
      for (const tensor of tensors) {
        balance += await balanceOf(inputsOf(tensor));
        tell(tensor);
      }
      majority = balance > 0 ? 1 : balance < 0 ? -1 : 0;
    },
    merge: mergeAhead(
      crew.size,
      () => order,
      function* (tensors) {
        for (const tensor of tensors) yield* runsOf(tensor);
      },
    ),
  };
}

const lengthOf = ({ from, to }: Range): number => to - from;

const within = (cuts: readonly Cut[], { from }: Range): Cut[] =>
  cuts.map(({ limit, until }) => ({ limit, until: until - from }));

const bytesOf = ({ base, experts }: LaneTensor): number =>
  [...(base ? [base] : []), ...experts].reduce((sum, part) => sum + storedBytes(part), 0);
