/** What a tensor of a model in files holds: the bytes as they are stored, or its values, of a part of it or of all. */
import { WIDTH } from '../../formats/safetensors/dtype.ts';
import { fromFloat32, toFloat32 } from '../../formats/safetensors/values.ts';
import { StudioError } from '../fault.ts';
import type { AdaptedPart, LowRankParts, StoredPart, TensorPart } from './checkpoint.ts';
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
  const values = await readChanged(part, from, to);
  if (!part.magnitude) return values;
  const gains = await gainsOf(part, part.magnitude);
  const outputOf = outputs(part);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * (gains[outputOf(from + i)] as number);
  return values;
}

/** W₀ + ΔW. */
async function readChanged(part: AdaptedPart, from: number, to: number): Promise<Float32Array> {
  const values = await readValues(part.on, from, to);
  if (!part.times) {
    await addProduct(part, part, part.scale, from, values);
    return values;
  }
  const change = new Float32Array(values.length);
  await addProduct(part, part, part.scale, from, change);
  const other = new Float32Array(values.length);
  await addProduct(part, part.times, 1, from, other);
  for (let i = 0; i < values.length; i++)
    values[i] = (values[i] as number) + (change[i] as number) * (other[i] as number);
  return values;
}

async function addProduct(
  part: AdaptedPart,
  { down: downPart, up: upPart }: LowRankParts,
  scale: number,
  from: number,
  values: Float32Array,
): Promise<void> {
  const to = from + values.length;
  const { cols } = matrixOf(part.shape);
  const rank = downPart.shape[0] ?? 0;
  // A turned change needs all of both factors, for their columns.
  const firstRow = part.turned ? 0 : Math.floor(from / cols);
  const upEnd = part.turned ? countOf(upPart) : Math.ceil(to / cols) * rank;
  const [down, up] = await Promise.all([readValues(downPart), readValues(upPart, firstRow * rank, upEnd)]);
  lowRankRows(part, { down, up, firstRow, rank, scale }, from, values);
}

// ---------------------------------------------------------------- DoRA

/** Values that are read at once for norms, 4 MB. */
const NORM_PART = 1 << 20;

/** Which output an element of the tensor leads to: its row, or of matrices that are in × out its column. */
function outputs({ shape, turned }: AdaptedPart): (element: number) => number {
  const { cols } = matrixOf(shape);
  return turned ? (element) => element % cols : (element) => Math.floor(element / cols);
}

/** They take a pass over the whole tensor: parts of it ask for them again and again. */
const gains = new WeakMap<AdaptedPart, Promise<Float64Array>>();

/** m ÷ ‖W₀ + ΔW‖ of every output. */
function gainsOf(part: AdaptedPart, magnitude: StoredPart): Promise<Float64Array> {
  const known = gains.get(part) ?? readGains(part, magnitude);
  gains.set(part, known);
  // A file that could not be read may be read the next time.
  known.catch(() => gains.delete(part));
  return known;
}

async function readGains(part: AdaptedPart, magnitude: StoredPart): Promise<Float64Array> {
  const squares = new Float64Array(countOf(magnitude));
  const outputOf = outputs(part);
  const count = countOf(part);
  for (let from = 0; from < count; from += NORM_PART) {
    const values = await readChanged(part, from, Math.min(from + NORM_PART, count));
    for (const [i, value] of values.entries()) {
      const output = outputOf(from + i);
      squares[output] = (squares[output] as number) + value ** 2;
    }
  }
  const wanted = await readValues(magnitude);
  return squares.map((square, output) => (wanted[output] as number) / Math.sqrt(square));
}
