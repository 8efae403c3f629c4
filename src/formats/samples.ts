/**
 * Evaluation-set files: a zlib stream around a safetensors file with `images` U8 [n, pixels/2], two 4-bit grey levels a byte,
 * the first pixel in the high half, and, where they belong to the file, `labels` U8 [n]. Data of the user's own keep what they
 * have: `features` [n, inputs] in place of `images`, U8 for grey levels 0…255 or F32 for any numbers.
 */
import { Unzlib, zlibSync } from 'fflate';
import { readSafetensors, writeSafetensors } from './safetensors/file.ts';
import { fromFloat32, type StoredTensor, toFloat32 } from './safetensors/values.ts';

/** Sixteen grey levels: 0 is black, this is white. */
const TOP_LEVEL = 15;
/** Forty times the largest set of the zoo; a hostile stream could otherwise unpack to a thousand times its size. */
const MAX_UNPACKED_BYTES = 4_000_000;
const COMPRESSION_LEVEL = 9;
/** Own data are packed while somebody waits. */
const QUICK_LEVEL = 1;
/** Grey levels of 8 bits: 0 is black, this is white. */
const TOP_BYTE = 255;
/** Of a float32, and of a label beside it; a header takes no more than the rest. */
const BYTES_PER_VALUE = 4;
const HEADER_BYTES = 4096;

export interface SampleSet {
  readonly count: number;
  /** n · inputs values, of images 0 … 1, row-major; empty in a file of labels alone. */
  readonly images: Float32Array;
  readonly labels: Uint8Array | undefined;
}

export class SamplesError extends Error {
  override name = 'SamplesError';
}

/**
 * @param label the file's name, for messages
 * @param pixels of one image, or inputs of one sample
 * @param most samples that are expected, which bounds what is unpacked
 * @throws SamplesError or SafetensorsError naming the file and what is wrong
 */
export function decodeSamples(bytes: Uint8Array, label: string, pixels: number, most = 0): SampleSet {
  const limit = Math.max(MAX_UNPACKED_BYTES, HEADER_BYTES + most * (BYTES_PER_VALUE * pixels + 1));
  const { tensors } = readSafetensors(unpack(bytes, label, limit), label);
  const features = tensors.get('features');
  const images = features ?? tensors.get('images');
  const labels = tensors.get('labels');
  if (!images && !labels)
    throw new SamplesError(`${label}: holds ${[...tensors.keys()].join(', ') || 'nothing'}, wanted images or labels`);
  if (labels && (labels.dtype !== 'U8' || labels.shape.length !== 1)) {
    throw new SamplesError(`${label}: labels: is ${describe(labels)}, wanted U8 [n]`);
  }
  if (features) checkFeatures(features, label, pixels);
  else if (images && (images.dtype !== 'U8' || images.shape.length !== 2 || images.shape[1] !== pixels / 2)) {
    throw new SamplesError(`${label}: images: is ${describe(images)}, wanted U8 [n, ${pixels / 2}]`);
  }
  const count = (images ?? labels)?.shape[0] ?? 0;
  if (labels && labels.shape[0] !== count)
    throw new SamplesError(`${label}: has ${count} images but ${labels.shape[0]} labels`);
  return {
    count,
    images: images ? valuesOf(images, features !== undefined) : new Float32Array(0),
    labels: labels?.bytes,
  };
}

function checkFeatures(features: StoredTensor, label: string, inputs: number): void {
  const { dtype, shape } = features;
  const known = dtype === 'U8' || dtype === 'F32';
  if (!known || shape.length !== 2 || shape[1] !== inputs)
    throw new SamplesError(`${label}: features: is ${describe(features)}, wanted U8 or F32 [n, ${inputs}]`);
}

function valuesOf(tensor: StoredTensor, own: boolean): Float32Array {
  if (!own) return spread(tensor.bytes);
  return tensor.dtype === 'U8' ? Float32Array.from(tensor.bytes, (byte) => byte / TOP_BYTE) : toFloat32(tensor);
}

function describe({ dtype, shape }: StoredTensor): string {
  return `${dtype} [${shape.join(', ')}]`;
}

function spread(packed: Uint8Array): Float32Array {
  const values = new Float32Array(packed.length * 2);
  packed.forEach((byte, i) => {
    values[2 * i] = (byte >> 4) / TOP_LEVEL;
    values[2 * i + 1] = (byte & 15) / TOP_LEVEL;
  });
  return values;
}

function unpack(bytes: Uint8Array, label: string, limit: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  let ended = false;
  const stream = new Unzlib((part, final) => {
    total += part.length;
    if (total > limit) throw new SamplesError(`${label}: unpacks to more than ${limit} bytes`);
    parts.push(part);
    ended = final;
  });
  try {
    stream.push(bytes, true);
  } catch (error) {
    if (error instanceof SamplesError) throw error;
    throw new SamplesError(`${label}: is no zlib stream or is damaged (${(error as Error).message})`);
  }
  if (!ended) throw new SamplesError(`${label}: its zlib stream is cut short`);
  const whole = new Uint8Array(total);
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

/**
 * @param levels n · pixels grey levels 0 … 15, or undefined for a file of labels alone
 * @param labels n class numbers, or undefined for images alone
 */
export function encodeSamples(
  levels: Uint8Array | undefined,
  labels: Uint8Array | undefined,
  pixels: number,
): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  if (levels) {
    const packed = new Uint8Array(levels.length / 2);
    for (let i = 0; i < packed.length; i++)
      packed[i] = ((levels[2 * i] as number) << 4) | (levels[2 * i + 1] as number);
    tensors.set('images', { dtype: 'U8', shape: [levels.length / pixels, pixels / 2], bytes: packed });
  }
  if (labels) tensors.set('labels', { dtype: 'U8', shape: [labels.length], bytes: labels });
  return zlibSync(writeSafetensors(tensors), { level: COMPRESSION_LEVEL });
}

/**
 * The same with samples of the user's own.
 * @param features n · inputs grey levels 0 … 255, or any numbers; undefined for a file of labels alone
 * @param labels n class numbers, or undefined for features alone
 */
export function encodeFeatures(
  features: Uint8Array | Float32Array | undefined,
  labels: Uint8Array | undefined,
  inputs: number,
): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  if (features) {
    const shape = [features.length / inputs, inputs];
    tensors.set(
      'features',
      features instanceof Uint8Array
        ? { dtype: 'U8', shape, bytes: features }
        : { dtype: 'F32', shape, bytes: fromFloat32(features, 'F32') },
    );
  }
  if (labels) tensors.set('labels', { dtype: 'U8', shape: [labels.length], bytes: labels });
  return zlibSync(writeSafetensors(tensors), { level: QUICK_LEVEL });
}
