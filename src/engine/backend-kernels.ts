/** Gives the WebAssembly backend its two kernels for transformer encoders (assembly/encoder.ts). */
import bytes from 'virtual:kernels/encoder';
import * as tf from '@tensorflow/tfjs-core';
import { ATTENTION_KERNEL, LAYER_NORM_KERNEL } from '../models/encoder-ops.ts';
import { openModule } from './wasm-module.ts';

/** What assembly/encoder.ts exports. */
interface Encoder {
  readonly memory: WebAssembly.Memory;
  heapStart(): number;
  reserve(end: number): number;
  attentionScratch(tokens: number, width: number): number;
  attention(...addressesAndSizes: number[]): void;
  layerNorm(...addressesAndSizes: number[]): void;
}

/** The parts of the WebAssembly backend that a kernel needs. */
interface HeapBackend {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

const FLOAT_BYTES = 4;

/** Does nothing where 128-bit SIMD is missing: the composed operations then stay in use. */
export async function registerEncoderKernels(): Promise<void> {
  const encoder = await openModule<Encoder>(bytes);
  if (!encoder) return;
  register(ATTENTION_KERNEL, (inputs, { heads, tokens }, backend) => {
    const { q, k, v } = inputs as Record<'q' | 'k' | 'v', tf.TensorInfo>;
    const [rows = 0, dim = 0] = q.shape;
    const scratch = encoder.attentionScratch(tokens, dim / heads);
    return run(encoder, backend, [q, k, v], scratch, (at, out, free) =>
      encoder.attention(...at, out, free, rows / tokens, tokens, heads, dim / heads),
    );
  });
  register(LAYER_NORM_KERNEL, (inputs, { epsilon }, backend) => {
    const { x, weight, bias } = inputs as Record<'x' | 'weight' | 'bias', tf.TensorInfo>;
    const [rows = 0, dim = 0] = x.shape;
    return run(encoder, backend, [x, weight, bias], 0, (at, out) => encoder.layerNorm(...at, out, rows, dim, epsilon));
  });
}

type Attributes = Readonly<Record<'heads' | 'tokens' | 'epsilon', number>>;

function register(
  kernelName: string,
  kernel: (inputs: tf.NamedTensorInfoMap, attributes: Attributes, backend: HeapBackend) => tf.TensorInfo,
): void {
  if (tf.getKernel(kernelName, 'wasm')) return;
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(inputs, attrs as unknown as Attributes, backend as unknown as HeapBackend),
  });
}

/**
 * Copies the inputs to the encoder's memory (a hundredth of the time that is saved), computes, and copies the output, which
 * has the shape of the first input, back to the heap of TensorFlow.js.
 */
function run(
  encoder: Encoder,
  backend: HeapBackend,
  inputs: readonly [tf.TensorInfo, ...tf.TensorInfo[]],
  scratchBytes: number,
  compute: (inputs: readonly number[], output: number, scratch: number) => void,
): tf.TensorInfo {
  const output = backend.makeOutput(inputs[0].shape, 'float32');
  // Views of the heap come after its last allocation, which may have moved it.
  const views = [...inputs, output].map((info) => backend.typedArrayFromHeap(info));
  let end = encoder.heapStart();
  const addresses = views.map(({ length }) => {
    const address = end;
    end += FLOAT_BYTES * length;
    return address;
  });
  if (!encoder.reserve(end + scratchBytes))
    throw new Error(`no memory for ${end + scratchBytes} bytes of encoder data`);
  const memory = new Float32Array(encoder.memory.buffer);
  const place = (index: number) => (addresses[index] ?? 0) / FLOAT_BYTES;
  inputs.forEach((_, i) => {
    memory.set(views[i] ?? [], place(i));
  });
  compute(addresses.slice(0, -1), addresses.at(-1) ?? 0, end);
  const from = place(inputs.length);
  const target = views.at(-1);
  target?.set(memory.subarray(from, from + target.length));
  return output;
}
