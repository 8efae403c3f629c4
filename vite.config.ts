import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { catalogue } from './scripts/catalogue-plugin.ts';
import { kernels } from './scripts/kernels-plugin.ts';
import { offline } from './scripts/offline-plugin.ts';
import { policy } from './scripts/policy-plugin.ts';

/** Bundled beforehand for development and tests: one by one, deep imports would load a second copy of the core. */
export const TENSORFLOW = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-cpu',
];

/** How long each plugin took is nothing for whoever only wants to start. */
const QUIET = { pluginTimings: false };

export default defineConfig({
  base: './',
  plugins: [react(), catalogue(), kernels(), policy(), offline()],
  worker: { format: 'es', plugins: () => [catalogue(), kernels()], rolldownOptions: { checks: QUIET } },
  // scripts/size.mjs reads the manifest.
  build: { target: 'es2022', chunkSizeWarningLimit: 1500, manifest: true, rolldownOptions: { checks: QUIET } },
  optimizeDeps: { include: [...TENSORFLOW, '@tensorflow/tfjs-backend-webgpu'] },
});
