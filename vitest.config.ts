import { playwright } from '@vitest/browser-playwright';
import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import { installedChromium, SANDBOX_ARGS, SOFTWARE_WEBGPU_ARGS } from './scripts/chromium.mjs';
import viteConfig, { TENSORFLOW } from './vite.config.ts';

const executablePath = await installedChromium();

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      // TensorFlow.js greets every test file that runs in Node.
      onConsoleLog: (text) => !/running TensorFlow\.js in Node\.js|Platform node has already been set/.test(text),
      // Ends as soon as what is waited for holds; the patience is for a machine that is busy with something else.
      expect: { poll: { timeout: 45_000 } },
      projects: [
        {
          extends: true,
          test: {
            name: 'unit',
            environment: 'node',
            include: ['src/**/*.test.{ts,tsx}'],
            exclude: [...configDefaults.exclude, 'src/**/*.browser.test.{ts,tsx}'],
            // TensorFlow.js publishes ES modules with extensionless imports, which Node itself cannot load.
            server: { deps: { inline: [/@tensorflow/] } },
            // Its hundreds of files, read anew for every test file, would take two seconds each time.
            deps: { optimizer: { ssr: { enabled: true, include: TENSORFLOW } } },
            setupFiles: ['scripts/fixed-seed.ts'],
            testTimeout: 90_000,
          },
        },
        {
          extends: true,
          test: {
            name: 'browser',
            include: ['src/**/*.browser.test.{ts,tsx}'],
            testTimeout: 90_000,
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({
                launchOptions: {
                  ...(executablePath === undefined ? {} : { executablePath }),
                  args: [...SANDBOX_ARGS, ...SOFTWARE_WEBGPU_ARGS],
                },
              }),
              instances: [{ browser: 'chromium' }],
            },
          },
        },
      ],
    },
  }),
);
