/** Makes the tensors of a job's output one by one: copies them, or merges them by the methods' own code or a faster way. */
import type { JobTensor, MergeJob, Place } from '../../formats/checkpoint/job.ts';
import { type Dtype, isFloat, isWeightDtype, WIDTH } from '../../formats/safetensors/dtype.ts';
import { sizeOf } from '../../models/parameter.ts';
import { StudioError } from '../fault.ts';
import { checkMerged, encode } from './encode.ts';
import type { Lane, LaneTensor } from './lane.ts';
import { loadNetwork, loadPart, openTensor, partWeights, rangesOf } from './load-span.ts';
import { type Checkpoints, fileOf, partAt } from './place-values.ts';
import type { Group, PlannedTensor } from './plan-job.ts';
import { countOf, readBytes, readValues } from './read-part.ts';
import { mergeSpan, type SpanHooks } from './run-span.ts';
import { surveyGroup } from './survey-job.ts';
import type { Teller } from './tell-progress.ts';

/** Copied at once. */
const COPY_BYTES = 8_000_000;

interface Work {
  readonly job: MergeJob;
  readonly groups: readonly Group[];
  /** Of the groups, where there is a faster way. */
  readonly lanes: readonly (Lane | undefined)[];
  readonly checkpoints: Checkpoints;
  /** Tensors that an earlier session wrote. */
  readonly done: number;
  readonly hooks: {
    breathe(): Promise<void>;
    readonly expert?: number;
    readonly partBytes?: number;
  };
  readonly tell: Teller;
}

type Write = (bytes: Uint8Array) => Promise<void>;

export interface Writer {
  /** The first passes of all groups that still have tensors to be written. */
  survey(): Promise<void>;
  /** @returns how many values became infinite in the tensor's data type */
  write(index: number, to: Write): Promise<number>;
}

interface Prepared {
  readonly group: Group;
  readonly lane: Lane | undefined;
  globals?: { readonly value: unknown };
  /** Of a group that is merged as a whole. */
  network?: Float32Array;
}

export function createWriter({ job, groups, lanes, checkpoints, done, hooks, tell }: Work): Writer {
  const prepared = groups.map((group, i): Prepared => ({ group, lane: lanes[i] }));
  const owners = new Map(prepared.flatMap((one) => one.group.tensors.map((tensor) => [tensor.index, { one, tensor }])));
  const laneHooks = { breathe: hooks.breathe, surveyed: tell.surveyed };
  const spanHooks = ({ seed }: Group): SpanHooks => ({ seed, breathe: hooks.breathe, progress: tell.within });

  const survey = async () => {
    for (const one of prepared) {
      const { group, lane } = one;
      if ((group.span === 'network' && !lane) || group.tensors.every(({ index }) => index < done)) continue;
      if (lane)
        await lane.survey(
          group.tensors.map((tensor) => laneTensor(tensor, checkpoints)),
          laneHooks,
        );
      else {
        const own = {
          ...spanHooks(group),
          surveyed: tell.surveyed,
          ...(hooks.partBytes && { partBytes: hooks.partBytes }),
        };
        one.globals = { value: await surveyGroup(group, checkpoints, own) };
      }
    }
  };

  const wholeNetwork = async (one: Prepared) => {
    const { group } = one;
    one.network ??= await mergeSpan(
      group.chain,
      await loadNetwork(group, checkpoints, hooks.breathe),
      spanHooks(group),
      {
        expert: hooks.expert ?? 0,
        chains: group.tensors.map(({ chain }) => chain),
        globals: undefined,
      },
    );
    return one.network;
  };

  const merge = async (one: Prepared, tensor: PlannedTensor, to: Write): Promise<number> => {
    const { group, lane, globals } = one;
    const { name, length } = tensor.row;
    const { dtype } = tensor.making;
    if (lane) return lane.merge(laneTensor(tensor, checkpoints), to, laneHooks);
    let overflows = 0;
    const put = async (values: Float32Array, from: number) => {
      checkMerged(values, name, from);
      const encoded = encode(values, dtype);
      overflows += encoded.overflows;
      await to(encoded.bytes);
    };
    if (group.span === 'network') {
      const network = await wholeNetwork(one);
      const start = group.tensors.slice(0, group.tensors.indexOf(tensor)).reduce((sum, { row }) => sum + row.length, 0);
      const own = network.subarray(start, start + length);
      for (const { from, to: end } of rangesOf(length, COPY_BYTES)) await put(own.subarray(from, end), from);
      return overflows;
    }
    for (const range of rangesOf(length, partWeights(group, hooks.partBytes))) {
      const span = await loadPart(tensor, range, checkpoints);
      const wanted = { expert: hooks.expert ?? 0, chains: [tensor.chain], globals: globals ?? { value: undefined } };
      await put(await mergeSpan(tensor.chain, span, spanHooks(group), wanted), range.from);
    }
    return overflows;
  };

  return {
    survey,
    async write(index, to) {
      const owner = owners.get(index);
      if (owner) return merge(owner.one, owner.tensor, to);
      const tensor = job.tensors[index];
      return tensor?.making.kind === 'copy' ? copy(tensor, tensor.making, checkpoints, to) : 0;
    },
  };
}

function laneTensor(tensor: PlannedTensor, checkpoints: Checkpoints): LaneTensor {
  const { row, making, chain } = tensor;
  return {
    name: row.name,
    shape: row.shape,
    start: row.start,
    dtype: making.dtype,
    chain,
    ...openTensor(tensor, checkpoints),
  };
}

/** Bytes as they are, or converted where another data type is wanted. */
async function copy(
  { shape }: JobTensor,
  { from: place, dtype }: { readonly from: Place; readonly dtype: Dtype },
  checkpoints: Checkpoints,
  to: Write,
): Promise<number> {
  const part = partAt(place, checkpoints);
  const length = sizeOf(shape);
  if (countOf(part) < length || (!place.rows && countOf(part) !== length))
    throw new StudioError(
      'files',
      `${fileOf(part)}: ${place.tensor}: its shape is [${part.shape}], wanted [${shape}].`,
    );
  let overflows = 0;
  for (const { from, to: end } of rangesOf(length, Math.floor(COPY_BYTES / WIDTH[dtype]))) {
    if (part.dtype === dtype) await to(await readBytes(part, from, end));
    else if (isFloat(part.dtype) && isWeightDtype(dtype)) {
      const encoded = encode(await readValues(part, from, end), dtype);
      overflows += encoded.overflows;
      await to(encoded.bytes);
    } else
      throw new StudioError('files', `${fileOf(part)}: ${place.tensor}: ${part.dtype} cannot be written as ${dtype}.`);
  }
  return overflows;
}
