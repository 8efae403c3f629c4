/** The same body in a browser: WebGPU on a software adapter (tiny shapes, few runs: it is slow) and WebAssembly. */

import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { methodSuite } from './testing/suite.testing.ts';

const wasmPaths = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
};

methodSuite({ backend: 'webgpu', wasmPaths, runs: 3 });
methodSuite({ backend: 'wasm', wasmPaths, runs: 10 });
