/**
 * Chooses the TensorFlow.js backend. Backends are tried one by one, so that the one in use is known and can be shown:
 * TensorFlow.js by itself falls back without a word.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { registerEncoderKernels } from './backend-kernels.ts';
import { checkCanary, runCanary } from './canary.ts';
import { StudioError } from './fault.ts';

export type BackendName = 'webgpu' | 'wasm' | 'cpu';

/** Where the three .wasm files lie: a folder ending in "/", or one address per file name. */
export type WasmPaths = string | Readonly<Record<string, string>>;

export interface BackendReport {
  readonly name: BackendName;
  /** What was tried before and why it was not taken, in words. */
  readonly passedOver: readonly { readonly name: BackendName; readonly reason: string }[];
}

const BACKENDS: readonly BackendName[] = ['webgpu', 'wasm', 'cpu'];

/** Side of the matrix product that decides whether an adapter is a real one. */
const PROBE_SIDE = 256;
/** WebAssembly needs about 3 ms for the probe, a graphics card less, an adapter emulated in software over 100. */
const PROBE_LIMIT_MS = 40;

/**
 * Opens the first backend of `among` that works and computes rightly.
 * @throws StudioError when none can be opened, with the reason of each
 */
export async function openBackend({
  wasmPaths,
  among = BACKENDS,
}: {
  wasmPaths: WasmPaths;
  among?: readonly BackendName[];
}): Promise<BackendReport> {
  const passedOver: { name: BackendName; reason: string }[] = [];
  for (const name of among) {
    try {
      await open(name, wasmPaths);
      // A backend that is forced may be slow.
      if (name === 'webgpu' && among.length > 1) await refuseSlowAdapter();
      checkCanary(await runCanary());
      return { name, passedOver };
    } catch (error) {
      passedOver.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new StudioError('backend', `No computing backend could be opened (${reasons}).`);
}

async function open(name: BackendName, wasmPaths: WasmPaths): Promise<void> {
  switch (name) {
    case 'webgpu': {
      const gpu = (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;
      if (!gpu) throw new Error('this browser has no WebGPU');
      if (!(await gpu.requestAdapter())) throw new Error('no graphics adapter was offered');
      await import('@tensorflow/tfjs-backend-webgpu');
      break;
    }
    case 'wasm': {
      const { setWasmPaths, setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
      setWasmPaths(wasmPaths as string);
      // Several single-threaded workers need no special headers and beat one threaded worker.
      setThreadsCount(1);
      await registerEncoderKernels();
      break;
    }
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
  }
  if (!(await tf.setBackend(name))) throw new Error('its initialisation failed');
  await tf.ready();
  if (tf.getBackend() !== name) throw new Error(`TensorFlow.js opened ${tf.getBackend()} instead`);
}

/** A software adapter computes correctly but 50–100 times slower than WebAssembly: it is used only when asked for. */
async function refuseSlowAdapter(): Promise<void> {
  const probe = async () => {
    const product = tf.tidy(() => {
      const square = tf.ones<tf.Rank.R2>([PROBE_SIDE, PROBE_SIDE]);
      return tf.matMul(square, square);
    });
    await product.data();
    product.dispose();
  };
  // The first run compiles the shader.
  await probe();
  const started = performance.now();
  await probe();
  const took = performance.now() - started;
  if (took > PROBE_LIMIT_MS)
    throw new Error(`too slow: ${took.toFixed(0)} ms for a test product (limit ${PROBE_LIMIT_MS} ms)`);
}

/**
 * Calls back once when the graphics device is lost or reports an error that TensorFlow.js does not handle (it has no
 * handling of either). Does nothing on other backends.
 */
export function watchDevice(onFault: (error: StudioError) => void): void {
  if (tf.getBackend() !== 'webgpu') return;
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  device.lost.then(({ message }) => onFault(new StudioError('device', `The graphics device was lost. ${message}`)));
  device.addEventListener('uncapturederror', ({ error }) => {
    const code = error instanceof GPUOutOfMemoryError ? 'memory' : 'device';
    onFault(new StudioError(code, `The graphics device reported an error: ${error.message}`));
  });
}
