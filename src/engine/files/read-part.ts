/** What a tensor of a model in files holds: the bytes as they are stored, or its values, of a part of it or of all. */
import { WIDTH } from '../../formats/safetensors/dtype.ts';
import { fromFloat32, toFloat32 } from '../../formats/safetensors/values.ts';
import { StudioError } from '../fault.ts';
import type { AdaptedPart, StoredPart, TensorPart } from './checkpoint.ts';
import { readGathered } from './gathered.ts';
import { lowRankRows, matrixOf } from './low-rank.ts';
import { roundedValues } from './rounded.ts';

/** How many elements a tensor has. */
export const countOf = ({ shape }: TensorPart): number => shape.reduce((product, side) => product * side, 1);

/**
 * Elements [from, to) of a tensor, flat in row-major order, as float32; of all by default.
 * @throws StudioError when the file has fewer bytes than its header said
 */
export async function readValues(part: TensorPart, from = 0, to = countOf(part)): Promise<Float32Array> {
  if (part.kind === 'adapted') return readAdapted(part, from, to);
  if (part.kind === 'rounded') return roundedValues(part, await readValues(part.on, from, to), from);
  if (part.kind === 'gathered') return readGathered(part, from, to, readValues);
  const bytes = await readBytes(part, from, to);
  return toFloat32({ dtype: part.dtype, shape: [to - from], bytes });
}

/**
 * The bytes of elements [from, to), little-endian, as the part's `dtype`; a fresh array.
 * @param room may hold them instead; large enough
 */
export async function readBytes(
  part: TensorPart,
  from = 0,
  to = countOf(part),
  room?: Uint8Array,
): Promise<Uint8Array> {
  const count = countOf(part);
  if (!(from >= 0 && from <= to && to <= count))
    throw new Error(`read-part: elements ${from} to ${to} of a tensor with ${count}`);
  if (part.kind === 'stored') return readStored(part, from, to, room);
  const bytes = fromFloat32(await readValues(part, from, to), part.dtype);
  if (!room) return bytes;
  room.set(bytes);
  return room.subarray(0, bytes.length);
}

async function readStored(
  { dtype, source, begin }: StoredPart,
  from: number,
  to: number,
  room?: Uint8Array,
): Promise<Uint8Array> {
  const wanted = (to - from) * WIDTH[dtype];
  const first = begin + from * WIDTH[dtype];
  const bytes = await source.read(first, first + wanted, room);
  if (bytes.length !== wanted)
    throw new StudioError(
      'files',
      `${source.path}: got ${bytes.length} bytes from byte ${first} on, wanted ${wanted}; the file has changed since it was opened`,
    );
  return bytes;
}

async function readAdapted(part: AdaptedPart, from: number, to: number): Promise<Float32Array> {
  const { cols } = matrixOf(part.shape);
  const rank = part.down.shape[0] ?? 0;
  // A turned change needs all of both factors, for their columns.
  const firstRow = part.turned ? 0 : Math.floor(from / cols);
  const upEnd = part.turned ? countOf(part.up) : Math.ceil(to / cols) * rank;
  const [values, down, up] = await Promise.all([
    readValues(part.on, from, to),
    readValues(part.down),
    readValues(part.up, firstRow * rank, upEnd),
  ]);
  lowRankRows(part, { down, up, firstRow }, from, values);
  return values;
}
