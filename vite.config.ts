import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { catalogue } from './scripts/catalogue-plugin.ts';
import { kernels } from './scripts/kernels-plugin.ts';
import { policy } from './scripts/policy-plugin.ts';

/** Bundled beforehand for development and tests: one by one, deep imports would load a second copy of the core. */
export const TENSORFLOW = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-cpu',
];

/** Every file of the page and its bundled models, some ten megabytes: after the first visit it opens without a network. */
const offline = VitePWA({
  // src/store/offline.ts registers it, once the first numbers are on the screen.
  injectRegister: null,
  // A new version waits until no tab uses the old one: nobody's work is interrupted.
  registerType: 'prompt',
  manifest: {
    name: 'Merge Studio',
    short_name: 'Merge Studio',
    description: 'Mix small neural networks in the browser and watch every task while the sliders move.',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#fbfaf7',
    theme_color: '#fbfaf7',
    icons: [
      { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
      { src: 'icon-maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
  workbox: {
    globPatterns: ['**/*.{html,js,css,wasm,json,safetensors,bin,svg,png,webmanifest}'],
    maximumFileSizeToCacheInBytes: 16_000_000,
    // ?samples=, ?backend= and the like are read by the page itself.
    ignoreURLParametersMatching: [/.*/],
    sourcemap: false,
  },
});

export default defineConfig({
  base: './',
  plugins: [react(), catalogue(), kernels(), policy(), offline],
  worker: { format: 'es', plugins: () => [catalogue(), kernels()] },
  // scripts/size.mjs reads the manifest.
  build: { target: 'es2022', chunkSizeWarningLimit: 1500, manifest: true },
  optimizeDeps: { include: [...TENSORFLOW, '@tensorflow/tfjs-backend-webgpu'] },
});
