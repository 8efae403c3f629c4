/** Where the page finds TensorFlow.js's WebAssembly. */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import type { Card } from '../formats/card.ts';
import type { BackendName, OpenRequest } from './protocol.ts';

const absolute = (url: string) => new URL(url, location.href).href;

/** What a worker has to know to open a zoo family. */
export const openRequest = (card: Card, zooUrl: string, backend: BackendName | undefined): OpenRequest => ({
  card,
  zooUrl: absolute(zooUrl),
  wasmPaths: {
    'tfjs-backend-wasm.wasm': absolute(plain),
    'tfjs-backend-wasm-simd.wasm': absolute(simd),
    'tfjs-backend-wasm-threaded-simd.wasm': absolute(threaded),
  },
  ...(backend && { backend }),
});
